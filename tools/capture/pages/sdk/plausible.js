import Plausible from "plausible-tracker";

const { words } = window;
const { trackPageview, trackEvent, enableAutoOutboundTracking } = Plausible({ domain: "shop.example", apiHost: "https://collect.example", trackLocalhost: true });
trackPageview({ url: `https://shop.example/search?q=${encodeURIComponent(words.searches[0])}&utm_source=news` });
enableAutoOutboundTracking();
window.act = () => trackEvent("Download", { props: { file: "price list (2026).pdf", author: words.names[0] } });

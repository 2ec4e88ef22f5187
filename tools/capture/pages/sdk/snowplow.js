import { enableActivityTracking, newTracker, trackPageView, trackSelfDescribingEvent, trackStructEvent } from "@snowplow/browser-tracker";

const { turn, words } = window;
newTracker("sp", "https://collect.example", { appId: "shop", platform: "web", eventMethod: turn % 2 ? "get" : "post", bufferSize: 1, contexts: { webPage: true, session: true, browser: true }, postPath: turn % 2 ? "/com.acme/track" : undefined });
enableActivityTracking({ minimumVisitLength: 1, heartbeatDelay: 1 });
trackPageView({ title: words.products[0], context: [{ schema: "iglu:com.acme/product/jsonschema/1-0-1", data: { sku: words.skus[0], name: words.products[0] } }] });
trackStructEvent({ category: "cart", action: "add", label: words.products[1], property: "size: 8½", value: words.prices[0] });
window.act = () => trackSelfDescribingEvent({ event: { schema: "iglu:com.acme/search/jsonschema/2-0-0", data: { q: words.searches[0], filters: ["a=b", "c<d"] } } });

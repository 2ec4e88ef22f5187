import { AnalyticsBrowser } from "@segment/analytics-next";

const { turn, words } = window;
const analytics = AnalyticsBrowser.load({ writeKey: "wk1", cdnURL: "https://cdn.example" }, { integrations: { "Segment.io": { apiHost: "collect.example/v1", protocol: "https", deliveryStrategy: turn % 2 ? { strategy: "batching", config: { size: 4, timeout: 400 } } : { strategy: "standard" } } } });
analytics.page("Shop", "Product", { title: words.products[0], path: "/p/1" });
analytics.identify(words.uuids[0], { name: words.names[0], email: words.emails[0], address: { street: words.streets[0], city: words.cities[0] } });
analytics.track("Products Searched", { query: words.searches[0] });
analytics.group("g-9", { name: words.names[1], plan: "team" });
window.act = () => {
  analytics.track("Order Completed", { order_id: words.uuids[1], total: words.prices[0], products: words.products.slice(0, 3).map((name, i) => ({ name, sku: words.skus[i], price: words.prices[i], quantity: i + 1 })) });
  analytics.alias(words.uuids[2], words.uuids[0]);
  analytics.screen("Settings");
};

import mixpanel from "mixpanel-browser";

const { turn, words } = window;
mixpanel.init("4d7f1c0e9b2a", { api_host: "https://collect.example/mix", persistence: "localStorage", autocapture: true, batch_requests: true, batch_flush_interval_ms: 300, api_payload_format: turn % 2 ? "json" : "base64", record_sessions_percent: 0, track_pageview: true, debug: false });
mixpanel.identify(words.uuids[0]);
mixpanel.people.set({ $name: words.names[0], $email: words.emails[0], $city: words.cities[0], plan: "pro", tags: ["a b", "c&d"] });
mixpanel.people.increment("visits");
mixpanel.people.append({ seen: words.products[0] });
mixpanel.register({ theme: "dark", last_search: words.searches[0] });
mixpanel.track("Product Viewed", { product: words.products[0], price: words.prices[0], currency: "EUR", list: words.products.slice(1, 3) });
mixpanel.set_group("company", words.names[1]);
window.act = () => {
  mixpanel.track("Order Completed", { total: words.prices[1], coupon: "SAVE10%", note: words.prose[0] });
  mixpanel.track("Search", { q: words.searches[1] }, { transport: "sendBeacon", send_immediately: true });
};

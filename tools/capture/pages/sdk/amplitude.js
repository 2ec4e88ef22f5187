import * as amplitude from "@amplitude/analytics-browser";

const { words } = window;
amplitude.init("a1b2c3d4e5f6", words.emails[0], { serverUrl: "https://collect.example/2/httpapi", flushIntervalMillis: 250, defaultTracking: true, autocapture: { elementInteractions: true, formInteractions: true, pageViews: true, sessions: true, attribution: true }, remoteConfig: { fetchRemoteConfig: false } });
const who = new amplitude.Identify().set("name", words.names[0]).add("logins", 1).append("tags", "x & y").setOnce("first_city", words.cities[0]);
amplitude.identify(who);
amplitude.track("Search", { query: words.searches[0], results: 12, filters: { brand: ["A/B", "O'Neill"], price: "<50" } });
amplitude.revenue(new amplitude.Revenue().setProductId(words.skus[0]).setPrice(words.prices[0]).setQuantity(2));
window.act = () => amplitude.track("Comment Posted", { text: words.prose[0], length: words.prose[0].length });

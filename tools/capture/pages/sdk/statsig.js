import Statsig from "statsig-js";

const statsig = Statsig.default ?? Statsig;
const { words } = window;
window.act = async () => {
  await statsig.initialize("client-0a1b2c3d", { userID: words.uuids[0], email: words.emails[0], custom: { city: words.cities[0] } }, { api: "https://flags.example/v1", eventLoggingApi: "https://collect.example/v1", disableDiagnosticsLogging: false, initTimeoutMs: 1500 });
  statsig.checkGate("new_checkout");
  statsig.logEvent("add_to_cart", words.prices[0], { item: words.products[0], note: words.prose[0] });
  statsig.shutdown();
};

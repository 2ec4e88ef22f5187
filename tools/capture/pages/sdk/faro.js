import { getWebInstrumentations, initializeFaro } from "@grafana/faro-web-sdk";

const { words } = window;
const faro = initializeFaro({ url: "https://collect.example/faro/collect/0a1b2c", app: { name: "shop", version: "3.1.4", environment: "prod" }, instrumentations: getWebInstrumentations({ captureConsole: true }), batching: { sendTimeout: 250 }, user: { id: words.uuids[0], username: words.names[0] } });
faro.api.pushEvent("search", { q: words.searches[0] });
console.info("loaded", words.products[0], words.prices[0]);
window.act = () => {
  faro.api.pushError(new Error(`bad postcode: "${words.cities[0]} 4/12"`));
  faro.api.pushLog([words.prose[0]], { context: { page: "/p/1?x=1&y=2" } });
  faro.api.pushMeasurement({ type: "cart", values: { total: words.prices[1], items: 3 } });
};

import { init } from "@elastic/apm-rum";

const { words } = window;
const apm = init({ serviceName: "shop", serverUrl: "https://collect.example", serviceVersion: "3.1.4", environment: "production", distributedTracingOrigins: ["https://api.example"], flushInterval: 300, apiVersion: 2 });
apm.setUserContext({ id: words.ids[0], username: words.names[0], email: words.emails[0] });
apm.addLabels({ city: words.cities[0] });
window.act = async () => {
  apm.captureError(new Error(`timeout after 3000 ms: ${words.products[0]}`));
  const t = apm.startTransaction("checkout", "custom");
  await fetch(`https://api.example/v1/cart?item=${encodeURIComponent(words.products[1])}`).catch(() => {});
  t?.end();
};

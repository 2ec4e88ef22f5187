import * as LD from "launchdarkly-js-client-sdk";

const { turn, words } = window;
const client = LD.initialize("5f0a1b2c3d4e", { kind: "multi", user: { key: words.uuids[0], name: words.names[0], email: words.emails[0] }, org: { key: "org-7", city: words.cities[0] } }, { baseUrl: "https://flags.example", eventsUrl: "https://collect.example", streamUrl: "https://flags.example", streaming: true, useReport: turn % 2 === 0, flushInterval: 2000, sendEventsOnlyForVariation: true });
client.waitForInitialization(2).then(() => client.variation("new-checkout", false)).catch(() => {});
window.act = () => {
  client.track("purchase", { sku: words.skus[0] }, words.prices[0]);
  return client.flush();
};

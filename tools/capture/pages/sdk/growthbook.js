import { GrowthBook } from "@growthbook/growthbook";

const { words } = window;
const gb = new GrowthBook({ apiHost: "https://flags.example", clientKey: "sdk-abc123", attributes: { id: words.uuids[0], city: words.cities[0], url: location.href }, trackingCallback: (experiment, result) => navigator.sendBeacon("https://collect.example/exp", new URLSearchParams({ experiment: experiment.key, variation: String(result.variationId), user: words.names[0] })) });
gb.init({ timeout: 1500 }).then(() => gb.isOn("new-checkout"));

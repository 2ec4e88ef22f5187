import { UnleashClient } from "unleash-proxy-client";

const { turn, words } = window;
const unleash = new UnleashClient({ url: "https://flags.example/api/frontend", clientKey: "default:production.0a1b2c3d4e5f", appName: "shop web", refreshInterval: 2, metricsInterval: 2, metricsIntervalInitial: 1, usePOSTrequests: turn % 2 === 0, context: { userId: words.emails[0], properties: { city: words.cities[0], search: words.searches[0] } } });
unleash.on("ready", () => { unleash.isEnabled("new-checkout"); unleash.getVariant("new-checkout"); });
unleash.start();
window.act = () => unleash.updateContext({ userId: words.names[0] });

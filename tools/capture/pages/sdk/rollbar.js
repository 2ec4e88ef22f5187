import Rollbar from "rollbar";

const { words } = window;
const rollbar = new Rollbar({ accessToken: "0a1b2c3d4e5f", endpoint: "https://collect.example/api/1/item/", captureUncaught: true, captureUnhandledRejections: true, payload: { environment: "production", client: { javascript: { code_version: "9f8e7d6" } }, person: { id: words.ids[0], username: words.names[0] } } });
rollbar.info("user searched", { q: words.searches[0] });
window.act = () => {
  rollbar.error("payment refused", new Error(`card declined: ${words.names[0]}`), { city: words.cities[0] });
  rollbar.warning(words.prose[0]);
};

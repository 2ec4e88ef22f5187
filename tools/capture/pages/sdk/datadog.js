import { datadogLogs } from "@datadog/browser-logs";
import { datadogRum } from "@datadog/browser-rum";

const { turn, words } = window;
const common = { clientToken: "pub0123456789abcdef", site: "datadoghq.com", service: "shop", env: "prod", version: "3.1.4", sessionSampleRate: 100, proxy: turn % 2 ? "https://collect.example/dd" : ({ path, parameters }) => `https://collect.example${path}?${parameters}`, telemetrySampleRate: 0 };
datadogRum.init({ ...common, applicationId: words.uuids[0], trackUserInteractions: true, trackResources: true, trackLongTasks: true, sessionReplaySampleRate: 0, defaultPrivacyLevel: "allow" });
datadogLogs.init({ ...common, forwardErrorsToLogs: true });
datadogRum.setUser({ id: String(words.ids[0]), name: words.names[0], email: words.emails[0] });
datadogRum.addAction("search", { q: words.searches[0] });
datadogLogs.logger.info(`cart saved for ${words.names[0]}`, { items: words.products.slice(0, 2), address: words.streets[0] });
datadogLogs.logger.warn("slow reply", { ms: 3120, url: words.sites[0] });
window.act = () => {
  datadogRum.addError(new Error(`no price for ${words.products[1]}`), { sku: words.skus[0] });
  datadogRum.addTiming("first_item");
};

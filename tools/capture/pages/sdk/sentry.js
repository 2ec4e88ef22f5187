import * as Sentry from "@sentry/browser";

const { turn, words } = window;
Sentry.init({ dsn: "https://0123456789abcdef0123456789abcdef@collect.example/42", release: "shop@3.1.4", environment: "production", tracesSampleRate: 1, replaysSessionSampleRate: turn % 2, integrations: [Sentry.browserTracingIntegration(), Sentry.replayIntegration({ useCompression: false, maskAllText: false }), Sentry.feedbackIntegration({ autoInject: false })], tracePropagationTargets: ["api.example"], tunnel: turn % 2 ? "https://shop.example/monitoring?o=1&p=42" : undefined });
Sentry.setUser({ id: words.ids[0], email: words.emails[0], username: words.names[0] });
Sentry.setTag("locale", navigator.language);
Sentry.addBreadcrumb({ category: "ui", message: `searched for ${words.searches[0]}`, level: "info" });
Sentry.captureMessage(`Checkout slow: ${words.prices[0]} s for ${words.products[0]}`);
window.act = async () => {
  Sentry.captureException(new Error(`Unexpected token '<', "<!DOCTYPE "... is not valid JSON (${words.skus[0]})`));
  Sentry.captureFeedback({ message: words.prose[0], name: words.names[0], email: words.emails[0] });
  await fetch(`https://api.example/v1/items?q=${encodeURIComponent(words.searches[1])}`).catch(() => {});
  await Sentry.getReplay()?.flush();
  await Sentry.flush(500);
};

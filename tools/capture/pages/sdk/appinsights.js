import { ApplicationInsights } from "@microsoft/applicationinsights-web";

const { words } = window;
const insights = new ApplicationInsights({ config: { connectionString: "InstrumentationKey=7b3c1d2e-0000-4000-a000-1234567890ab;IngestionEndpoint=https://collect.example/ai/", enableAutoRouteTracking: true, maxBatchInterval: 300, enableCorsCorrelation: true, disableFetchTracking: false, enableAjaxPerfTracking: true, featureOptIn: {}, cfgSyncMode: 0, extensionConfig: { AppInsightsCfgSyncPlugin: { cfgUrl: "" } } } });
insights.loadAppInsights();
insights.setAuthenticatedUserContext("anna");
insights.trackPageView({ name: words.products[0] });
insights.trackEvent({ name: "search" }, { q: words.searches[0], note: words.prose[0] });
insights.trackMetric({ name: "cart value", average: words.prices[0] });
insights.trackTrace({ message: `loaded ${words.products.length} products for ${words.cities[0]}` });
window.act = () => {
  insights.trackException({ exception: new RangeError(`Invalid date: ${words.dates[0]}`) });
  fetch(`https://api.example/v1/stock?sku=${encodeURIComponent(words.skus[0])}`);
};

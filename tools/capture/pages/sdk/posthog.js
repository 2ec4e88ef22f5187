import posthog from "posthog-js/dist/module.full.no-external.js";

const { turn, words } = window;
posthog.init("phc_0aB1cD2eF3", { api_host: "https://collect.example", disable_compression: true, autocapture: true, capture_pageview: true, capture_performance: true, capture_heatmaps: true, disable_session_recording: turn % 2 === 0, capture_exceptions: true, request_batching: true, request_queue_config: { flush_interval_ms: 300 }, person_profiles: "always", opt_out_useragent_filter: true });
posthog.identify(words.uuids[0], { email: words.emails[0], name: words.names[0] });
posthog.capture("item added", { item: words.products[0], price: words.prices[0], $set: { city: words.cities[0] } });
posthog.group("company", "c-17", { name: words.names[1], seats: 12 });
window.act = () => {
  posthog.capture("feedback", { text: words.prose[0], stars: 4 });
  posthog.captureException(new TypeError(`Cannot read properties of undefined (reading 'price') for ${words.skus[0]}`));
};

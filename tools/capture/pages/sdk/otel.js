import { SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { FetchInstrumentation } from "@opentelemetry/instrumentation-fetch";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";

const { words } = window;
const resource = resourceFromAttributes({ "service.name": "shop-web", "service.version": "3.1.4", "browser.language": navigator.language, "user_agent.original": navigator.userAgent });
const provider = new WebTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: "https://collect.example/v1/traces", headers: { "x-scope-orgid": "tenant-1" } }), { scheduledDelayMillis: 250 })] });
provider.register();
registerInstrumentations({ instrumentations: [new FetchInstrumentation({ propagateTraceHeaderCorsUrls: [/api\.example/] })] });
const meters = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: "https://collect.example/v1/metrics" }), exportIntervalMillis: 600, exportTimeoutMillis: 500 })] });
const meter = meters.getMeter("shop");
meter.createCounter("cart.items", { description: "items put into the cart" }).add(3, { sku: words.skus[0], country: "DE" });
meter.createHistogram("search.ms").record(words.prices[0], { "search.text": words.searches[0] });
window.act = async () => {
  const span = trace.getTracer("shop").startSpan("checkout", { attributes: { "enduser.name": words.names[0], "http.url": words.sites[0], note: words.prose[0] } });
  span.addEvent("validated", { fields: 12 });
  span.recordException(new Error("postcode is missing"));
  span.setStatus({ code: SpanStatusCode.ERROR, message: "postcode is missing" });
  span.end();
  await fetch(`https://api.example/v1/orders?page=2&sort=-created&q=${encodeURIComponent(words.searches[1])}`).catch(() => {});
  await Promise.all([provider.forceFlush(), meters.forceFlush()]).catch(() => {});
};

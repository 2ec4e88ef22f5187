// The only place that knows addresses.

/** Routes of the server, relative to the origin that served this page. */
export const api = {
  metricsRealtime: "/api/v1/metrics/realtime",
  metricsHistorical: "/api/v1/metrics/historical",
  summary: "/api/v1/analytics/summary",
  trend: "/api/v1/analytics/trends/{metric}",
  overviewSeries: "/api/v1/analytics/overview",
  tasks: "/api/v1/system/tasks",
  taskRun: "/api/v1/system/tasks/{name}/run",
  top: "/api/v1/analytics/top/{dimension}",
  chartRequests: "/api/v1/charts/requests",
  chartThreats: "/api/v1/charts/threats",
  chartPerformance: "/api/v1/charts/performance",
  traffic: "/api/v1/traffic",
  trafficRow: "/api/v1/traffic/{id}",
  threats: "/api/v1/threats",
  threatRow: "/api/v1/threats/{id}",
  alertsActive: "/api/v1/alerts/active",
  alertsHistory: "/api/v1/alerts/history",
  alertsBulk: "/api/v1/alerts/bulk",
  alertSilence: "/api/v1/alerts/{id}/silence",
  silences: "/api/v1/alerts/silences",
  silence: "/api/v1/alerts/silences/{id}",
  activities: "/api/v1/activities",
  systemEvents: "/api/v1/activities/events",
  activitiesRecent: "/api/v1/activities/recent",
  securityChecks: "/api/v1/security/checks",
  securityCheckRun: "/api/v1/security/checks/{id}/run",
  securityScore: "/api/v1/security/compliance-score",
  securityHistory: "/api/v1/security/history",
  scores: "/api/v1/analytics/scores",
  whatIf: "/api/v1/detection/what-if",
  modelInfo: "/api/v1/waf/model-info",
  wafConfig: "/api/v1/waf/config",
  wafCheck: "/api/v1/waf/check",
  systemInfo: "/api/v1/system/info",
  systemSources: "/api/v1/system/sources",
  systemSource: "/api/v1/system/sources/{name}",
  sourcePreview: "/api/v1/system/sources/preview",
  me: "/api/v1/auth/me",
  login: "/api/v1/auth/login",
  logout: "/api/v1/auth/logout",
  password: "/api/v1/auth/password",
  users: "/api/v1/users",
  user: "/api/v1/users/{id}",
  tokens: "/api/v1/tokens",
  token: "/api/v1/tokens/{id}",
  auditLog: "/api/v1/audit/logs",
  channels: "/api/v1/notifications/channels",
  channelTest: "/api/v1/notifications/channels/{name}/test",
  deliveries: "/api/v1/notifications/deliveries",
  storage: "/api/v1/system/storage",
  document: "/api/v1/openapi.json",
} as const;

/** Pages of the dashboard. */
export const pages = {
  overview: "/",
  traffic: "/traffic",
  trafficRow: "/traffic/$id",
  threats: "/threats",
  threatRow: "/threats/$id",
  alerts: "/alerts",
  activity: "/activity",
  analytics: "/analytics",
  performance: "/performance",
  security: "/security",
  model: "/model",
  sources: "/sources",
  settings: "/settings",
  reference: "/settings/api",
  login: "/login",
} as const;

/** Address of a list as a file of all rows that match (API.md 1.8). */
export function csvAddress(path: typeof api.traffic | typeof api.threats | typeof api.activities | typeof api.systemEvents | typeof api.alertsHistory | typeof api.overviewSeries | typeof api.auditLog, query: Record<string, string | number | boolean | undefined>): string {
  const parameters = new URLSearchParams({ format: "csv" });
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  return `${path}?${parameters.toString()}`;
}

const LIVE_TYPES = ["metrics", "performance", "alert", "alert_update", "activity", "traffic_batch", "threat", "check"];

/** Address of the live socket; with `since` and `epoch` the server replays what was missed (API.md 7.4). */
export function liveAddress(origin: string, resume?: { since: number; epoch: string }): string {
  const url = new URL("/ws", origin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("types", LIVE_TYPES.join(","));
  if (resume !== undefined) {
    url.searchParams.set("since", String(resume.since));
    url.searchParams.set("epoch", resume.epoch);
  }
  return url.toString();
}

// Keys of the query cache: the live socket names what it patches by them.

import type { RangeQuery } from "@/lib/range";
import type { Filters } from "@/lib/search";

export interface ListQuery {
  window: RangeQuery;
  filters: Filters;
  cursor: string | undefined;
  /** Oldest first; without it the newest come first. */
  order?: "asc" | undefined;
}

export const keys = {
  document: ["document"] as const,
  metrics: ["metrics", "realtime"] as const,
  performanceNow: ["performance", "now"] as const,
  history: (window: RangeQuery) => ["charts", "history", window] as const,
  summary: (window: RangeQuery) => ["charts", "summary", window] as const,
  trend: (metric: string, window: RangeQuery) => ["charts", "trend", metric, window] as const,
  heat: (window: RangeQuery) => ["charts", "heat", window] as const,
  top: (dimension: string, by: string, window: RangeQuery) => ["charts", "top", dimension, by, window] as const,
  chart: (name: string, window: RangeQuery) => ["charts", name, window] as const,
  traffic: (query: ListQuery) => ["traffic", "list", query] as const,
  trafficNewest: (query: ListQuery) => ["traffic", "newest", query] as const,
  trafficAround: (ip: string, instant: string) => ["traffic", "around", ip, instant] as const,
  trafficRow: (id: number) => ["traffic", "row", id] as const,
  threats: (query: ListQuery) => ["threats", "list", query] as const,
  threatRow: (id: number) => ["threats", "row", id] as const,
  alerts: ["alerts", "active"] as const,
  alertHistory: (query: ListQuery) => ["alerts", "history", query] as const,
  silences: ["alerts", "silences"] as const,
  activities: ["activities", "recent"] as const,
  activityList: (query: ListQuery) => ["activities", "list", query] as const,
  systemEvents: (query: ListQuery) => ["activities", "events", query] as const,
  checks: ["security", "checks"] as const,
  securityScore: ["security", "score"] as const,
  securityHistory: ["security", "history"] as const,
  tasks: ["system", "tasks"] as const,
  model: ["model", "info"] as const,
  scores: (window: RangeQuery) => ["charts", "scores", window] as const,
  /** Not among the charts, which are asked for anew whenever requests come: its answer takes much work. */
  whatIf: (threshold: number, window: RangeQuery) => ["model", "what-if", threshold, window] as const,
  info: ["system", "info"] as const,
  sources: ["system", "sources"] as const,
  channels: ["notifications", "channels"] as const,
  deliveries: ["notifications", "deliveries"] as const,
  storage: ["system", "storage"] as const,
  me: ["access", "me"] as const,
  users: ["access", "users"] as const,
  tokens: ["access", "tokens"] as const,
  audit: (query: object) => ["access", "audit", query] as const,
};

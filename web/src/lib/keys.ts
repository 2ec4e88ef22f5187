// Keys of the query cache: the live socket names what it patches by them.

import type { RangeQuery } from "@/lib/range";
import type { Filters } from "@/lib/search";

export interface ListQuery {
  window: RangeQuery;
  filters: Filters;
  cursor: string | undefined;
}

export const keys = {
  metrics: ["metrics", "realtime"] as const,
  performanceNow: ["performance", "now"] as const,
  history: (window: RangeQuery) => ["charts", "history", window] as const,
  summary: (window: RangeQuery) => ["charts", "summary", window] as const,
  top: (dimension: string, window: RangeQuery) => ["charts", "top", dimension, window] as const,
  chart: (name: string, window: RangeQuery) => ["charts", name, window] as const,
  traffic: (query: ListQuery) => ["traffic", "list", query] as const,
  trafficNewest: (query: ListQuery) => ["traffic", "newest", query] as const,
  trafficRow: (id: number) => ["traffic", "row", id] as const,
  threats: (query: ListQuery) => ["threats", "list", query] as const,
  threatRow: (id: number) => ["threats", "row", id] as const,
  alerts: ["alerts", "active"] as const,
  activities: ["activities", "recent"] as const,
  checks: ["security", "checks"] as const,
  securityScore: ["security", "score"] as const,
  securityHistory: ["security", "history"] as const,
  info: ["system", "info"] as const,
  sources: ["system", "sources"] as const,
};

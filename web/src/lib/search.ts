// The state of a page as it stands in its address. Flat text only: `?status=404&class=xss`.

import { type RangeSearch, readRange } from "@/lib/range";

/** Filters that the server understands (API.md 1.7). */
export const FILTER_KEYS = ["ip", "method", "status", "host", "endpoint", "class", "severity", "action", "enforced", "min_score", "q"] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];
/** Those of them that the feed of activity understands, the kind of line first. */
export const ACTIVITY_FILTERS = ["action", "q", "class", "ip"] as const satisfies readonly FilterKey[];
export type Filters = { [key in FilterKey]?: string | undefined };

/** Everything an address of the dashboard may hold. */
export interface Search extends RangeSearch, Filters {
  cursor?: string | undefined;
  /** Checks of this status alone, on the page of security checks. */
  check?: CheckFilter | undefined;
  /** What the trend of the analytics page shows, and whether beside it stands the period before. */
  metric?: TrendMetric | undefined;
  compare?: "previous" | undefined;
  /** What top lists are sorted by, and the heat map counts. */
  by?: RankedBy | undefined;
  /** The threshold that is tried on what is stored. */
  threshold?: string | undefined;
  /** Which alerts are shown, and in which order. */
  view?: AlertView | undefined;
  sort?: AlertSort | undefined;
  /** What the page of activity shows; without it the requests. */
  feed?: Feed | undefined;
  /** Order of a list of requests; without it the newest come first. */
  order?: "asc" | undefined;
}

export const TREND_METRICS = ["requests", "blocked", "allowed", "threats", "attack_rate", "latency", "cpu", "memory"] as const;
export type TrendMetric = (typeof TREND_METRICS)[number];
export const RANKED_BY = ["requests", "blocked", "threats"] as const;
export type RankedBy = (typeof RANKED_BY)[number];

export const ALERT_VIEWS = ["active", "history", "silences"] as const;
export type AlertView = (typeof ALERT_VIEWS)[number];
export const ALERT_SORTS = ["gravest", "newest", "count"] as const;
export type AlertSort = (typeof ALERT_SORTS)[number];

export const FEEDS = ["system"] as const;
export type Feed = (typeof FEEDS)[number];

export const CHECK_FILTERS = ["fail", "warning", "pass"] as const;
export type CheckFilter = (typeof CHECK_FILTERS)[number];

/** Reads a query string into flat text; of a name that stands twice the last counts. */
export function parseQuery(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Writes it back, without empty values. */
export function writeQuery(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") query.set(key, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Keeps what the dashboard knows of an address. */
export function readSearch(raw: Record<string, unknown>): Search {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (typeof value === "string" && value.trim() !== "") flat[key] = value.trim();
  }
  const search: Search = readRange(flat);
  for (const key of FILTER_KEYS) {
    const value = flat[key];
    if (value !== undefined && isFilter(key, value)) search[key] = value;
  }
  if (flat.cursor !== undefined) search.cursor = flat.cursor;
  search.check = oneOf(CHECK_FILTERS, flat.check);
  search.metric = oneOf(TREND_METRICS, flat.metric);
  search.compare = oneOf(["previous"], flat.compare);
  if (flat.threshold !== undefined && isFilter("min_score", flat.threshold)) search.threshold = flat.threshold;
  search.by = oneOf(RANKED_BY, flat.by);
  search.view = oneOf(ALERT_VIEWS, flat.view);
  search.sort = oneOf(ALERT_SORTS, flat.sort);
  search.feed = oneOf(FEEDS, flat.feed);
  search.order = oneOf(["asc"], flat.order);
  return search;
}

/** The filters of an address alone, or those of them that a list understands. */
export function filtersOf(search: Search, keys: readonly FilterKey[] = FILTER_KEYS): Filters {
  const filters: Filters = {};
  for (const key of keys) {
    if (search[key] !== undefined) filters[key] = search[key];
  }
  return filters;
}

/** The filters as the server's parameters. */
export function filterQuery({ enforced, min_score: minScore, ...text }: Filters) {
  return {
    ...text,
    ...(enforced === undefined ? {} : { enforced: enforced === "true" }),
    ...(minScore === undefined ? {} : { min_score: Number(minScore) }),
  };
}

/** The filters that the feed understands (API.md 1.7). */
export function activityFilters({ ip, class: name, action, q }: Filters) {
  return { ip, class: name, action, q };
}

/** Values of one filter; those of `endpoint` and `q` may hold commas. */
export function filterValues(key: FilterKey, value: string): string[] {
  if (key === "endpoint" || key === "q" || key === "min_score" || key === "enforced") return [value];
  return value.split(",").filter((part) => part !== "");
}

/** The search with one more value; a filter that takes lists grows, the others are replaced. A new filter begins at the first page. */
export function withFilter(search: Search, key: FilterKey, value: string): Search {
  const held = search[key];
  const values = held === undefined ? [] : filterValues(key, held);
  const single = filterValues(key, "a,b").length === 1;
  const next = single ? value : [...values.filter((each) => each !== value), value].join(",");
  return { ...search, [key]: next, cursor: undefined };
}

/** The search without one value of a filter. */
export function withoutFilter(search: Search, key: FilterKey, value: string): Search {
  const rest = filterValues(key, search[key] ?? "").filter((each) => each !== value);
  return { ...search, [key]: rest.length === 0 ? undefined : rest.join(","), cursor: undefined };
}

/** The search over another range; its pages begin anew. */
export function withRange(search: Search, range: RangeSearch): Search {
  return { ...search, range: undefined, from: undefined, to: undefined, cursor: undefined, ...range };
}

/** The search in the other order; its pages begin anew. */
export function turnedOver(search: Search): Search {
  return { ...search, order: search.order === "asc" ? undefined : "asc", cursor: undefined };
}

/** The range alone: neither filters nor what one page keeps in its address. */
export function withoutFilters(search: Search): Search {
  return { range: search.range, from: search.from, to: search.to };
}

/** The same range with these filters alone: the rows behind a figure. */
export function rowsBehind(search: Search, filters: Filters): Search {
  return { ...withoutFilters(search), ...filters };
}

function oneOf<Value extends string>(values: readonly Value[], text: string | undefined): Value | undefined {
  return values.find((value) => value === text);
}

function isFilter(key: FilterKey, value: string): boolean {
  if (key === "q") return value.length >= 2 && value.length <= 200;
  if (key === "enforced") return value === "true" || value === "false";
  if (key === "min_score") return /^(0(\.\d+)?|1(\.0+)?|\.\d+)$/.test(value);
  return true;
}

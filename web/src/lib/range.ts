// The chosen time range: a preset that moves with the clock, or two fixed instants.

import { minuteTime } from "@/lib/time";

/** Presets in the order of the picker. */
export const PRESETS = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;
export const DEFAULT_RANGE = "24h";

const UNITS: Record<string, { seconds: number; one: string; many: string }> = {
  m: { seconds: 60, one: "minute", many: "min" },
  h: { seconds: 3600, one: "hour", many: "hours" },
  d: { seconds: 86_400, one: "day", many: "days" },
};

/** As it stands in the address. */
export interface RangeSearch {
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** As it is asked of the server. */
export type RangeQuery = { range: string; to?: string } | { from: string; to?: string };

/** Drops what is unreadable, so that a damaged address still shows a page. */
export function readRange(search: Record<string, string | undefined>): RangeSearch {
  const { range, from, to } = search;
  if (from !== undefined && isInstant(from)) {
    return to !== undefined && isInstant(to) && Date.parse(to) > Date.parse(from) ? { from, to } : { from };
  }
  if (range !== undefined && rangeSeconds(range) !== null) return { range };
  return {};
}

/** What the server is asked for. */
export function rangeQuery(search: RangeSearch): RangeQuery {
  if (search.from !== undefined) return search.to === undefined ? { from: search.from } : { from: search.from, to: search.to };
  return { range: search.range ?? DEFAULT_RANGE };
}

/** The span in seconds since 1970; `now` in milliseconds. */
export function rangeSpan(window: RangeQuery, now: number): { from: number; to: number } {
  const end = Math.floor(now / 1000);
  if ("range" in window) return { from: end - (rangeSeconds(window.range) ?? 0), to: end };
  return { from: Date.parse(window.from) / 1000, to: window.to === undefined ? end : Date.parse(window.to) / 1000 };
}

/** Whether the end of the range moves with the clock. */
export function endsNow(search: RangeSearch): boolean {
  return search.to === undefined;
}

/** Length of `90m`, `24h`, `7d` in seconds; null when the server would refuse it. */
export function rangeSeconds(range: string): number | null {
  const match = /^(\d{1,6})([mhd])$/.exec(range);
  const unit = UNITS[match?.[2] ?? ""];
  if (match === null || unit === undefined) return null;
  const seconds = Number(match[1]) * unit.seconds;
  return seconds >= 60 && seconds <= 400 * 86_400 ? seconds : null;
}

/** For people: `last 24 hours`, `3 Mar 2026, 10:00 – 3 Mar 2026, 12:00`. */
export function rangeText(search: RangeSearch): string {
  if (search.from !== undefined) {
    return search.to === undefined ? `since ${minuteTime(search.from)}` : `${minuteTime(search.from)} – ${minuteTime(search.to)}`;
  }
  const range = search.range ?? DEFAULT_RANGE;
  const unit = UNITS[range.slice(-1)];
  const amount = Number(range.slice(0, -1));
  if (unit === undefined) return range;
  return amount === 1 ? `last ${unit.one}` : `last ${amount} ${unit.many}`;
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

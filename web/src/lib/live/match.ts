// Whether a row that came by the socket belongs to a filtered list.

import { type Filters, filterValues } from "@/lib/search";
import type { Traffic } from "@/lib/wire";

/** True or false where the page can tell; null where only the server can, so that the list must be asked for. */
export function matchesFilters(row: Traffic, filters: Filters): boolean | null {
  let unsure = false;
  for (const [key, test] of Object.entries(TESTS)) {
    const value = filters[key as keyof typeof TESTS];
    if (value === undefined) continue;
    const result = test(row, value);
    if (result === false) return false;
    unsure ||= result === null;
  }
  return unsure ? null : true;
}

type Test = (row: Traffic, value: string) => boolean | null;

const any = (value: string, test: (each: string) => boolean): boolean => value.split(",").some(test);

const TESTS: Record<Exclude<keyof Filters, undefined>, Test> = {
  ip: (row, value) => (value.includes("/") || value.includes(":") ? null : any(value, (each) => each === row.ip)),
  method: (row, value) => any(value.toUpperCase(), (each) => each === row.method),
  status: (row, value) => any(value.toLowerCase(), (each) => (each.endsWith("xx") ? Math.floor(row.status / 100) === Number(each[0]) : Number(each) === row.status)),
  host: (row, value) => (value.includes("*") ? null : any(value.toLowerCase(), (each) => each === row.host)),
  endpoint: (row, value) => {
    const text = value.includes("?") ? row.endpoint : row.path;
    return value.endsWith("*") ? row.endpoint.startsWith(value.slice(0, -1)) : text === value;
  },
  class: (row, value) => filterValues("class", value).includes(row.class ?? ""),
  severity: (row, value) => filterValues("severity", value).includes(row.severity ?? ""),
  action: (row, value) => filterValues("action", value).includes(row.action),
  enforced: (row, value) => value === String(row.enforced),
  min_score: (row, value) => (row.score ?? -1) >= Number(value),
  q: () => null,
};

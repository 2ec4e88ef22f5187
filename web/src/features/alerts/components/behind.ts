import type { Search } from "@/lib/search";
import type { Alert } from "@/lib/wire";

/** The list of threats takes a span without its end, so the newest event needs a little more. */
const END_MS = 1_000;

/** The address of the threats that an alert counted: its client, class and site, from its first event to its newest. */
export function rowsOf({ first_seen: from, last_seen: last, related_ip: ip, class: threatClass, host }: Alert): Search {
  const search: Search = { from, to: new Date(Date.parse(last) + END_MS).toISOString() };
  if (ip !== null) search.ip = ip;
  if (threatClass !== null) search.class = threatClass;
  if (host !== null) search.host = host;
  return search;
}

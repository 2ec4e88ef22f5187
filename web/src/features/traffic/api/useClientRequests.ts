import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Time before and after a request within which its client is looked at. */
export const AROUND_MS = 30 * 60_000;

/** Requests on either side at most. */
export const NEIGHBOURS = 50;

/**
 * What a client asked for around an instant: the requests nearest to it, oldest first, that one included, and whether
 * there are more on either side.
 */
export function useClientRequests(ip: string, instant: string) {
  return useQuery({
    queryKey: keys.trafficAround(ip, instant),
    queryFn: async ({ signal }) => {
      const at = Date.parse(instant);
      // The row's own microseconds are finer than an instant of this language; its millisecond is read with both halves.
      const before = { ip, from: iso(at - AROUND_MS), to: iso(at + 1), limit: NEIGHBOURS + 1 };
      const after = { ip, from: iso(at + 1), to: iso(at + AROUND_MS), order: "asc" as const, limit: NEIGHBOURS };
      const [earlier, later] = await Promise.all([
        unwrap(client.GET(api.traffic, { params: { query: before }, signal })),
        at + 1 < Date.now() ? unwrap(client.GET(api.traffic, { params: { query: after }, signal })) : null,
      ]);
      return {
        rows: [...earlier.data.toReversed(), ...(later?.data ?? [])],
        isMoreBefore: earlier.page.next !== null,
        isMoreAfter: later !== null && later.page.next !== null,
      };
    },
    // A request of a minute ago has neighbours yet to come.
    staleTime: 30_000,
  });
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

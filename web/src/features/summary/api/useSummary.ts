import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** Totals over a range, with those of the span before it. */
export function useSummary(window: RangeQuery) {
  return useQuery({
    queryKey: keys.summary(window),
    queryFn: ({ signal }) => unwrap(client.GET(api.summary, { params: { query: { ...window, compare: "previous" } }, signal })),
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** As many buckets as the server gives: an hour each up to a range of 41 days. */
const MOST_BUCKETS = 1000;

/** Requests in buckets as narrow as they come. */
export function useHeat(window: RangeQuery) {
  return useQuery({
    queryKey: keys.heat(window),
    queryFn: ({ signal }) => unwrap(client.GET(api.chartRequests, { params: { query: { ...window, buckets: MOST_BUCKETS } }, signal })),
  });
}

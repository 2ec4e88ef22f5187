import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** Requests per bucket, by what became of them. */
export function useRequestsChart(window: RangeQuery) {
  return useQuery({
    queryKey: keys.chart("requests", window),
    queryFn: ({ signal }) => unwrap(client.GET(api.chartRequests, { params: { query: { ...window } }, signal })),
  });
}

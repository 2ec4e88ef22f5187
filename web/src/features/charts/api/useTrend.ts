import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";
import type { TrendMetric } from "@/lib/search";

/** One figure per bucket; without a window nothing is asked. */
export function useTrend(metric: TrendMetric, window: RangeQuery | undefined) {
  return useQuery({
    queryKey: keys.trend(metric, window ?? { range: "none" }),
    enabled: window !== undefined,
    queryFn: ({ signal }) => unwrap(client.GET(api.trend, { params: { path: { metric }, query: { ...window } }, signal })),
  });
}

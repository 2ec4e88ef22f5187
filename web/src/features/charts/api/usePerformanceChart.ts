import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** Response times and load per bucket. */
export function usePerformanceChart(window: RangeQuery) {
  return useQuery({
    queryKey: keys.chart("performance", window),
    queryFn: ({ signal }) => unwrap(client.GET(api.chartPerformance, { params: { query: { ...window } }, signal })),
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** Threats per bucket, by class. */
export function useThreatsChart(window: RangeQuery) {
  return useQuery({
    queryKey: keys.chart("threats", window),
    queryFn: ({ signal }) => unwrap(client.GET(api.chartThreats, { params: { query: { ...window } }, signal })),
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** What judging took and how far behind it was, per bucket. */
export function useJudgingChart(window: RangeQuery) {
  return useQuery({
    queryKey: keys.chart("judging", window),
    queryFn: ({ signal }) => unwrap(client.GET(api.metricsHistorical, { params: { query: { ...window } }, signal })),
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Buckets of thirty days are days when at most so many points are asked for. */
const BUCKETS = 31;

/** Requests per day (UTC) of the thirty days that end at `to`, or now. */
export function useDaysChart(to: string | undefined) {
  const query = to === undefined ? { range: "30d", buckets: BUCKETS } : { range: "30d", to, buckets: BUCKETS };
  return useQuery({
    queryKey: keys.chart("days", to === undefined ? { range: "30d" } : { from: "30d", to }),
    queryFn: ({ signal }) => unwrap(client.GET(api.chartRequests, { params: { query }, signal })),
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";
import type { RankedBy } from "@/lib/search";

export type Dimension = "status" | "method" | "host" | "class" | "ip" | "path" | "user_agent";

/** The values of a dimension that come first over a range. */
export function useTop(dimension: Dimension, by: RankedBy, window: RangeQuery, limit: number) {
  return useQuery({
    queryKey: keys.top(dimension, by, window),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.top, { params: { path: { dimension }, query: { ...window, by, limit } }, signal }))).data,
  });
}

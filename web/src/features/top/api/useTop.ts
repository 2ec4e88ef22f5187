import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** The commonest values of a dimension over a range. */
export function useTop(dimension: "status" | "method" | "host" | "class", window: RangeQuery, limit: number) {
  return useQuery({
    queryKey: keys.top(dimension, window),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.top, { params: { path: { dimension }, query: { ...window, limit } }, signal }))).data,
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** The course of the same figures over a range. */
export function useHistory(window: RangeQuery) {
  return useQuery({
    queryKey: keys.history(window),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.metricsHistorical, { params: { query: { ...window } }, signal }))).data,
  });
}

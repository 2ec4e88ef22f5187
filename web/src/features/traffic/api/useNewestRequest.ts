import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys, type ListQuery } from "@/lib/keys";
import { api } from "@/lib/paths";
import { filterQuery } from "@/lib/search";

/** The server gathers rows for up to two seconds before it sends them (API.md 7.2); this asks twice in that time. */
const INTERVAL_MS = 1_000;

/** Number of the newest request of a list, to see a new one before the next flush of the live socket; 0 when there is none. */
export function useNewestRequest(query: ListQuery, active: boolean) {
  return useQuery({
    queryKey: keys.trafficNewest(query),
    queryFn: async ({ signal }) => {
      const answer = await unwrap(client.GET(api.traffic, { params: { query: { ...query.window, ...filterQuery(query.filters), limit: 1 } }, signal }));
      return answer.data[0]?.id ?? 0;
    },
    enabled: active,
    refetchInterval: INTERVAL_MS,
    staleTime: 0,
    gcTime: 0,
  });
}

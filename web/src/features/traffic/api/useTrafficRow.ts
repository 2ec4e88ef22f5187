import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** One request with all that is known of it. It does not change, so it is asked for once. */
export function useTrafficRow(id: number) {
  return useQuery({
    queryKey: keys.trafficRow(id),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.trafficRow, { params: { path: { id } }, signal }))).data,
    staleTime: Infinity,
  });
}

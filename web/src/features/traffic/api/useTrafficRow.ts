import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** One request with all that is known of it, once its number is known. It does not change, so it is asked for once. */
export function useTrafficRow(id: number | undefined) {
  return useQuery({
    queryKey: keys.trafficRow(id ?? 0),
    enabled: id !== undefined,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.trafficRow, { params: { path: { id: id ?? 0 } }, signal }))).data,
    staleTime: Infinity,
  });
}

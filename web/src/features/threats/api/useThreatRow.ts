import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** One threat with all that is known of it. It does not change, so it is asked for once. */
export function useThreatRow(id: number) {
  return useQuery({
    queryKey: keys.threatRow(id),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.threatRow, { params: { path: { id } }, signal }))).data,
    staleTime: Infinity,
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The newest messages, whatever became of them. */
export function useDeliveries() {
  return useQuery({
    queryKey: keys.deliveries,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.deliveries, { params: { query: { limit: 50 } }, signal }))).data,
    refetchInterval: 15_000,
  });
}

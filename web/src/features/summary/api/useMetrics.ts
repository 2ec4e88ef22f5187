import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The server's figures of this moment; the live socket keeps them fresh. */
export function useMetrics() {
  return useQuery({
    queryKey: keys.metrics,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.metricsRealtime, { signal }))).data,
  });
}

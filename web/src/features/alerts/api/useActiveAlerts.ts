import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Alerts that are open or acknowledged; the live socket patches them. */
export function useActiveAlerts() {
  return useQuery({
    queryKey: keys.alerts,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.alertsActive, { params: { query: { limit: 1000 } }, signal }))).data,
  });
}

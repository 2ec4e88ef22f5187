import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The server measures once a minute. */
const INTERVAL_MS = 60_000;

/** When the status of a check changed, newest first. */
export function useCheckHistory() {
  return useQuery({
    queryKey: keys.securityHistory,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.securityHistory, { signal }))).data,
    refetchInterval: INTERVAL_MS,
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The server measures once a minute. */
const INTERVAL_MS = 60_000;

/** What all checks add up to. */
export function useSecurityScore() {
  return useQuery({
    queryKey: keys.securityScore,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.securityScore, { signal }))).data,
    refetchInterval: INTERVAL_MS,
  });
}

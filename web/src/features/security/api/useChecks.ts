import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The server measures once a minute. */
const INTERVAL_MS = 60_000;

/** Every check with its latest result; the live socket brings those that change. */
export function useChecks() {
  return useQuery({
    queryKey: keys.checks,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.securityChecks, { signal }))).data,
    refetchInterval: INTERVAL_MS,
  });
}

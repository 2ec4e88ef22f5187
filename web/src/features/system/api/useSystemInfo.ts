import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

const INTERVAL_MS = 30_000;

/** Mode, model, thresholds, and where the data lies. */
export function useSystemInfo() {
  return useQuery({
    queryKey: keys.info,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.systemInfo, { signal }))).data,
    refetchInterval: INTERVAL_MS,
  });
}

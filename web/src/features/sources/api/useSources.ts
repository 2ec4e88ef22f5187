import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

const INTERVAL_MS = 5_000;

/** The log sources and how they are doing. They have no frames of their own, so they are asked for. */
export function useSources() {
  return useQuery({
    queryKey: keys.sources,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.systemSources, { signal }))).data,
    refetchInterval: INTERVAL_MS,
  });
}

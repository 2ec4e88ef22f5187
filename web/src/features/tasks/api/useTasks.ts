import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

const INTERVAL_MS = 5_000;

/** What runs beside the requests. */
export function useTasks() {
  return useQuery({
    queryKey: keys.tasks,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.tasks, { signal }))).data,
    refetchInterval: INTERVAL_MS,
  });
}

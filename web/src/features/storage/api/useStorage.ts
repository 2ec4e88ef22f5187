import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** How much is kept, how long, and how much that will be. */
export function useStorage() {
  return useQuery({
    queryKey: keys.storage,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.storage, { signal }))).data,
    refetchInterval: 60_000,
  });
}

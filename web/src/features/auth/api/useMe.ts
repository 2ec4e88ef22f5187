import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Who asks, and what they may do; without authentication the local administrator. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.me, { signal }))).data,
    staleTime: 60_000,
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Every silence, newest first. */
export function useSilences() {
  return useQuery({
    queryKey: keys.silences,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.silences, { signal }))).data,
  });
}

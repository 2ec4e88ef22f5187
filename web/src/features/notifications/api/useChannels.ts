import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Every channel of the configuration, with what became of the last day's messages. */
export function useChannels() {
  return useQuery({
    queryKey: keys.channels,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.channels, { signal }))).data,
    refetchInterval: 15_000,
  });
}

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Sends a test through a channel and says how it went. */
export function useTestChannel() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => (await unwrap(client.POST(api.channelTest, { params: { path: { name } } }))).data,
    onSettled: () => cache.invalidateQueries({ queryKey: keys.deliveries }),
  });
}

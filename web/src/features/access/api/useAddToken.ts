import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Makes a token; the answer holds its secret, this once. */
export function useAddToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (token: { name: string; scope: string; expires_at?: string }) => unwrap(client.POST(api.tokens, { body: token })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.tokens }),
  });
}

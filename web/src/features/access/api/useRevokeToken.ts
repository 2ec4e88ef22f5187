import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Deletes a token; whoever sends it is refused from then on. */
export function useRevokeToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE(api.token, { params: { path: { id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.tokens }),
  });
}

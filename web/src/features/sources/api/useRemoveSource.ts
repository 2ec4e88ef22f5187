import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Removes a source that was added; what was read of it stays. */
export function useRemoveSource() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(client.DELETE(api.systemSource, { params: { path: { name } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sources }),
  });
}

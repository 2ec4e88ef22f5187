import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Marks an alert as seen; it stays on the list. */
export function useAcknowledgeAlert() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.POST(api.alertAcknowledge, { params: { path: { id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.alerts }),
  });
}

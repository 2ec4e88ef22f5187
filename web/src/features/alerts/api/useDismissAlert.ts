import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Takes an alert off the list. */
export function useDismissAlert() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.POST(api.alertDismiss, { params: { path: { id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.alerts }),
  });
}

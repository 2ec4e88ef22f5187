import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Ends a silence, and opens the alert again that it was made from. */
export function useEndSilence() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ silence, alert }: { silence: number; alert: number }) => {
      await unwrap(client.DELETE(api.silence, { params: { path: { id: silence } } }));
      return unwrap(client.POST(api.alertsBulk, { body: { ids: [alert], action: "reopen" } }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.alerts }),
  });
}

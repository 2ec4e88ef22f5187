import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";

/** Ends a silence, and opens the alerts again that it took off the list. */
export function useEndSilence() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ silence, alerts }: { silence: number; alerts: number[] }) => {
      await unwrap(client.DELETE(api.silence, { params: { path: { id: silence } } }));
      if (alerts.length > 0) await unwrap(client.POST(api.alertsBulk, { body: { ids: alerts, action: "reopen" } }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

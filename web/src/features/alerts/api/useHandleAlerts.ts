import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";

/** What is done with alerts, one or many. */
export type AlertHandling = "acknowledge" | "dismiss" | "resolve" | "reopen";

/** Acknowledges, dismisses, resolves or reopens alerts. */
export function useHandleAlerts() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, action }: { ids: number[]; action: AlertHandling }) => unwrap(client.POST(api.alertsBulk, { body: { ids, action } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

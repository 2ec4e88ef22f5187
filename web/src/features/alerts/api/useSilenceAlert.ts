import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";

/** Keeps the cause of an alert quiet for some hours, and takes the alert off the list. */
export function useSilenceAlert() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, hours, reason }: { id: number; hours: number; reason?: string | undefined }) =>
      unwrap(client.POST(api.alertSilence, { params: { path: { id } }, body: { hours, reason: reason ?? null } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

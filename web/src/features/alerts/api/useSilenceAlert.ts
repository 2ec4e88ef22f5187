import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Keeps the cause of an alert quiet for some hours, and takes the alert off the list. */
export function useSilenceAlert() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, hours }: { id: number; hours: number }) =>
      unwrap(client.POST(api.alertSilence, { params: { path: { id } }, body: { hours } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.alerts }),
  });
}

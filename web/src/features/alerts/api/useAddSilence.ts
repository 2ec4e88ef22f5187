import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";

/** What a silence holds back: whatever matches every member that is given. */
export interface SilenceFilter {
  class?: string | undefined;
  ip?: string | undefined;
  host?: string | undefined;
}

/** Keeps everything quiet that matches a filter. */
export function useAddSilence() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ filter, hours, reason }: { filter: SilenceFilter; hours: number; reason?: string | undefined }) =>
      unwrap(client.POST(api.silences, { body: { class: filter.class ?? null, ip: filter.ip ?? null, host: filter.host ?? null, hours, reason: reason ?? null } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { SourceDraft } from "@/lib/wire";

/** Adds a source: it is read now and at each start. */
export function useAddSource() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (draft: SourceDraft) => unwrap(client.POST(api.systemSources, { body: draft })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sources }),
  });
}

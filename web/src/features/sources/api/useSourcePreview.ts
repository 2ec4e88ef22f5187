import { useMutation } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";
import type { SourceDraft } from "@/lib/wire";

/** Asks what a source would read; nothing is added. */
export function useSourcePreview() {
  return useMutation({
    mutationFn: async (draft: SourceDraft) => (await unwrap(client.POST(api.sourcePreview, { body: draft }))).data,
  });
}

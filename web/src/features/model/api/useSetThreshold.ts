import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";

/** Thresholds to put in force; one for flagging above the one for blocking is taken along by the server. */
export interface Thresholds {
  threshold: number;
  flag_threshold?: number;
}

/** Puts thresholds in force; the server notes it in the audit log. */
export function useSetThreshold() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (thresholds: Thresholds) => (await unwrap(client.PUT(api.wafConfig, { body: thresholds }))).data,
    // Scores, what-if, model and the state of the server all name the threshold.
    onSettled: () => cache.invalidateQueries(),
  });
}

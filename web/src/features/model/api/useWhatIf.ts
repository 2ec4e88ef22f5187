import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** Below this, requests are too many for the server to look at. */
export const LOWEST_THRESHOLD = 0.1;

/** What another threshold would have changed in a range; the answer before stays until the new one is there. */
export function useWhatIf(threshold: number, window: RangeQuery, enabled: boolean) {
  return useQuery({
    queryKey: keys.whatIf(threshold, window),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.whatIf, { params: { query: { ...window, threshold } }, signal }))).data,
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

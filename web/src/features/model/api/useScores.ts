import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { RangeQuery } from "@/lib/range";

/** How the scores of a range are spread, and the thresholds in force. */
export function useScores(window: RangeQuery) {
  return useQuery({
    queryKey: keys.scores(window),
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.scores, { params: { query: window }, signal }))).data,
  });
}

import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The newest lines of the feed, whatever range is chosen; the live socket adds to them. */
export function useActivities() {
  return useQuery({
    queryKey: keys.activities,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.activitiesRecent, { params: { query: { limit: 40 } }, signal }))).data,
  });
}

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys, type ListQuery } from "@/lib/keys";
import { api } from "@/lib/paths";
import { activityFilters } from "@/lib/search";

export const PAGE_ROWS = 100;

/** One page of the feed of a range, filtered by the server; the live socket has it asked for anew. */
export function useActivityList(query: ListQuery) {
  return useQuery({
    queryKey: keys.activityList(query),
    queryFn: ({ signal }) => unwrap(client.GET(api.activities, { params: { query: { ...query.window, ...activityFilters(query.filters), cursor: query.cursor, order: query.order, limit: PAGE_ROWS } }, signal })),
    placeholderData: keepPreviousData,
  });
}

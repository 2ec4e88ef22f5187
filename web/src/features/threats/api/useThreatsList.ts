import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys, type ListQuery } from "@/lib/keys";
import { api } from "@/lib/paths";
import { filterQuery } from "@/lib/search";

export const PAGE_ROWS = 100;

/** One page of threats, newest first, filtered by the server. */
export function useThreatsList(query: ListQuery) {
  return useQuery({
    queryKey: keys.threats(query),
    queryFn: ({ signal }) => unwrap(client.GET(api.threats, { params: { query: { ...query.window, ...filterQuery(query.filters), cursor: query.cursor, order: query.order, limit: PAGE_ROWS } }, signal })),
    placeholderData: keepPreviousData,
  });
}

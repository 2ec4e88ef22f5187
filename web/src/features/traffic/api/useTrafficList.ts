import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys, type ListQuery } from "@/lib/keys";
import { api } from "@/lib/paths";
import { filterQuery } from "@/lib/search";

export const PAGE_ROWS = 100;

/** One page of requests, newest first, filtered by the server. */
export function useTrafficList(query: ListQuery) {
  return useQuery({
    queryKey: keys.traffic(query),
    queryFn: ({ signal }) => unwrap(client.GET(api.traffic, { params: { query: { ...query.window, ...filterQuery(query.filters), cursor: query.cursor, order: query.order, limit: PAGE_ROWS } }, signal })),
    placeholderData: keepPreviousData,
  });
}

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys, type ListQuery } from "@/lib/keys";
import { api } from "@/lib/paths";

export const PAGE_ROWS = 100;
/** The socket tells of alerts alone; logins and changes of settings are asked for. */
const EVERY_MS = 15_000;

/** One page of what happened beside the requests of a range. */
export function useSystemEvents(query: Omit<ListQuery, "filters">) {
  return useQuery({
    queryKey: keys.systemEvents({ ...query, filters: {} }),
    queryFn: ({ signal }) => unwrap(client.GET(api.systemEvents, { params: { query: { ...query.window, cursor: query.cursor, order: query.order, limit: PAGE_ROWS } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
}

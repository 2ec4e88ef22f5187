import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys, type ListQuery } from "@/lib/keys";
import { api } from "@/lib/paths";
import { filterQuery } from "@/lib/search";

const PAGE_ROWS = 50;

/** One page of the alerts of every status, newest first. */
export function useAlertHistory(query: ListQuery) {
  const { severity, class: threatClass, q } = query.filters;
  return useQuery({
    queryKey: keys.alertHistory(query),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET(api.alertsHistory, {
          params: { query: { ...query.window, ...filterQuery({ severity, class: threatClass, q }), cursor: query.cursor, limit: PAGE_ROWS } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

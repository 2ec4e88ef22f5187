import { keepPreviousData, useQuery } from "@tanstack/react-query";

import type { SettingsSearch } from "@/lib/access";
import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

const PAGE_ROWS = 50;

/** One page of what was changed, newest first. */
export function useAuditLog({ deed, kind, cursor }: SettingsSearch) {
  const query = { action: deed, resource_type: kind, cursor, limit: PAGE_ROWS };
  return useQuery({
    queryKey: keys.audit(query),
    queryFn: ({ signal }) => unwrap(client.GET(api.auditLog, { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { failureOf, isForbidden } from "@/lib/api";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";

/** What stands in place of a list until it is there, and when it may not be seen. */
export function QueryBody<Data>({ query, loading, children }: { query: UseQueryResult<Data>; loading: string; children: (data: Data) => ReactNode }) {
  if (isForbidden(query.error)) return <NoPermission />;
  return (
    <Loaded data={query.data} failure={failureOf(query.error)} onRetry={() => void query.refetch()} label={loading}>
      {children}
    </Loaded>
  );
}

/** Says that this is for others. */
export function NoPermission() {
  return <Empty title="Only administrators see this">Ask one of them to change your role, or to look for you.</Empty>;
}

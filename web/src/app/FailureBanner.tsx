import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import { failureOf } from "@/lib/api";
import { useLiveState } from "@/lib/live/context";
import { Button } from "@/ui/Button";
import { Banner } from "@/ui/Notice";
import { RequestId } from "@/ui/RequestId";

/** Says that figures on the page could not be brought up to date, and why; they stay as they were. */
export function FailureBanner() {
  const cache = useQueryClient();
  const { phase } = useLiveState();
  const queries = cache.getQueryCache();
  const subscribe = useCallback((onChange: () => void) => queries.subscribe(onChange), [queries]);
  const error = useSyncExternalStore(subscribe, () => staleBecause(queries));
  const failure = failureOf(error);
  // The banner of the connection says it already.
  if (failure === null || phase === "offline") return null;
  return (
    <div className="live-banner">
      <Banner
        tone="warn"
        action={
          <Button icon="refresh" onClick={() => void cache.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" })}>
            Try again now
          </Button>
        }
      >
        Some figures are old, and are asked for again by themselves: {failure.message}
        <RequestId id={failure.requestId} />
      </Banner>
    </div>
  );
}

/** Why something that is shown is not the newest; what is not there at all says so in its own place. */
export function staleBecause(queries: QueryCache): Error | null {
  const failed = queries.getAll().find((query) => query.isActive() && query.state.status === "error" && query.state.data !== undefined);
  return failed?.state.error ?? null;
}

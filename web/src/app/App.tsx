import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { keepFailures } from "@/app/keepFailures";
import { LiveProvider } from "@/app/LiveProvider";
import { router } from "@/app/router";
import { ApiFailure, isSilent, needsLogin } from "@/lib/api";
import { keys } from "@/lib/keys";
import { pages } from "@/lib/paths";

/** The dashboard with its cache, its live connection and its pages. */
export function App() {
  const [cache] = useState(makeCache);
  return (
    <QueryClientProvider client={cache}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  );
}

/** A failed answer is asked for again after so long. */
const RECOVERY_MS = 5_000;

/** Whether the same question may be answered later: the server was away, ill, or asked too often. */
function mayRecover(error: Error | null): boolean {
  return !(error instanceof ApiFailure) || error.status === 0 || error.status === 429 || error.status >= 500;
}

function makeCache(): QueryClient {
  const onError = (error: unknown) => {
    if (needsLogin(error)) askWhoIsThere(cache, error);
  };
  // A page whose server was ill comes back without a click: what fails again begins the next wait.
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const onQueryError = (error: unknown) => {
    onError(error);
    waiting ??= setTimeout(() => {
      waiting = undefined;
      void cache.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" && mayRecover(state.error) });
    }, RECOVERY_MS);
  };
  const cache = new QueryClient({
    queryCache: new QueryCache({ onError: onQueryError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 4_000,
        // The server's refusals do not change by asking again; a lost connection or a restart may.
        retry: (failures, error) => failures < 1 && !isSilent(error) && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500),
        retryDelay: 600,
      },
    },
  });
  keepFailures(cache.getQueryCache());
  return cache;
}

/** Whichever answer says first that the session is over leads to the login page, and that one back to here. */
function askWhoIsThere(cache: QueryClient, error: unknown): void {
  // Who was there is asked anew, unless that was the question.
  const isOver = error instanceof ApiFailure && error.status === 401;
  if (!isOver || cache.getQueryData(keys.me) !== undefined) void cache.resetQueries({ queryKey: keys.me });
  const { pathname, href } = router.state.location;
  if (pathname !== pages.login) void router.navigate({ to: pages.login, search: href === pages.overview ? {} : { from: href }, replace: true });
}

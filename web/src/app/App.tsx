import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { LiveProvider } from "@/app/LiveProvider";
import { router } from "@/app/router";
import { ApiFailure, needsLogin } from "@/lib/api";
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

function makeCache(): QueryClient {
  const onError = (error: unknown) => {
    if (needsLogin(error)) askWhoIsThere(cache, error);
  };
  const cache = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 4_000,
        // The server's refusals do not change by asking again; a lost connection or a restart may.
        retry: (failures, error) => failures < 1 && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500),
        retryDelay: 600,
      },
    },
  });
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

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { LiveProvider } from "@/app/LiveProvider";
import { router } from "@/app/router";
import { ApiFailure } from "@/lib/api";

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
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 4_000,
        // The server's refusals do not change by asking again; a lost connection or a restart may.
        retry: (failures, error) => failures < 1 && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500),
        retryDelay: 600,
      },
    },
  });
}

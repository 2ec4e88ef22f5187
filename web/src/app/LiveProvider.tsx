import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";

import { CachePatcher } from "@/app/patchCache";
import { LiveConnection } from "@/lib/live/connection";
import { type Live, LiveContext, type TrafficListener } from "@/lib/live/context";

/** Holds the one socket of the page and lets its frames into the query cache. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const live = useMemo<Live>(() => {
    const listeners = new Set<TrafficListener>();
    const patcher = new CachePatcher(cache, (rows, sampled) => {
      for (const listener of listeners) listener(rows, sampled);
    });
    return {
      connection: new LiveConnection(window.location.origin, patcher),
      onTraffic: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }, [cache]);

  useEffect(() => {
    live.connection.start();
    return () => live.connection.stop();
  }, [live]);

  return <LiveContext value={live}>{children}</LiveContext>;
}

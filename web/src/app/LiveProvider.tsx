import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";

import { CachePatcher } from "@/app/patchCache";
import { useMe } from "@/features/auth/api/useMe";
import { needsLogin } from "@/lib/api";
import { keys } from "@/lib/keys";
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
      connection: new LiveConnection(window.location.origin, {
        onMessage: patcher.onMessage,
        onLost: patcher.onLost,
        onEnded: () => void cache.resetQueries({ queryKey: keys.me }),
      }),
      onTraffic: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }, [cache]);

  // A socket of nobody would be refused again and again.
  const { data: me, error } = useMe();
  const isKnown = (me !== undefined && !me.user.must_change_password) || (error !== null && !needsLogin(error));
  useEffect(() => {
    if (!isKnown) return undefined;
    live.connection.start();
    return () => live.connection.stop();
  }, [live, isKnown]);

  return <LiveContext value={live}>{children}</LiveContext>;
}

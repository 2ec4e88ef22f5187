import { createContext, useContext, useSyncExternalStore } from "react";

import type { LiveConnection } from "@/lib/live/connection";
import type { LiveState } from "@/lib/live/state";
import type { Traffic } from "@/lib/wire";

/** Rows as they come in, for the page that shows them. */
export type TrafficListener = (rows: Traffic[], sampled: number) => void;

export interface Live {
  connection: LiveConnection;
  onTraffic: (listener: TrafficListener) => () => void;
}

export const LiveContext = createContext<Live | null>(null);

/** The live connection of this page. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("useLive needs a LiveProvider");
  return live;
}

/** Its state, as it changes. */
export function useLiveState(): LiveState {
  const { connection } = useLive();
  return useSyncExternalStore(connection.subscribe, connection.snapshot);
}

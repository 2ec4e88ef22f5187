import "./live.css";

import { useEffect, useState } from "react";

import { duration } from "@/lib/format";
import { useLive, useLiveState } from "@/lib/live/context";
import type { LiveState } from "@/lib/live/state";

/** Without a frame for so long an open socket is called stale: metrics come every 1 to 5 seconds. */
const STALE_S = 12;

const WORDS = { connecting: "Connecting", live: "Live", stale: "Stale", reconnecting: "Reconnecting", offline: "Offline" } as const;

/** Whether the page is fed, and how old its newest frame is. */
export function LiveIndicator() {
  const { connection } = useLive();
  const state = useLiveState();
  const now = useNow();
  const age = state.lastFrameAt === null ? null : Math.max(0, (now - state.lastFrameAt) / 1000);
  const shown = shownState(state, age);

  return (
    <button
      type="button"
      className={`live live-${shown}`}
      title={shown === "live" ? "Figures arrive by themselves" : "Figures may be old. Click to connect now."}
      onClick={connection.retryNow}
    >
      <span className="live-dot" aria-hidden="true" />
      <span role="status">{WORDS[shown]}</span>
      <span className="live-age">{age === null ? "" : duration(age)}</span>
    </button>
  );
}

function shownState(state: LiveState, age: number | null): keyof typeof WORDS {
  return state.phase === "live" && age !== null && age > STALE_S ? "stale" : state.phase;
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

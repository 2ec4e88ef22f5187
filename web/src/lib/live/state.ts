// What is known of the live connection, as a pure function of what happened to it.

export interface LiveState {
  phase: "connecting" | "live" | "reconnecting" | "offline";
  /** When the last frame came, in milliseconds since 1970. */
  lastFrameAt: number | null;
  /** Names the run of the server that the numbers belong to. */
  epoch: string | null;
  /** Newest object held; a socket that comes back asks for what follows. */
  seq: number | null;
  /** Failed attempts in a row. */
  attempts: number;
}

export const INITIAL: LiveState = { phase: "connecting", lastFrameAt: null, epoch: null, seq: null, attempts: 0 };

/** Attempts after which the page says that it is offline rather than reconnecting. */
const OFFLINE_AFTER = 4;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

export type LiveHappening =
  | { kind: "closed" }
  | { kind: "frame"; at: number }
  | { kind: "connected"; at: number; epoch: string; seq: number }
  | { kind: "object"; at: number; seq: number };

/** The state after something happened. */
export function advance(state: LiveState, happening: LiveHappening): LiveState {
  switch (happening.kind) {
    case "closed": {
      const attempts = state.attempts + 1;
      return { ...state, phase: attempts > OFFLINE_AFTER ? "offline" : "reconnecting", attempts };
    }
    case "connected": {
      // The number on the first frame of a socket may be newer than objects that are about to be replayed.
      const seq = state.epoch === happening.epoch && state.seq !== null ? state.seq : happening.seq;
      return { phase: "live", lastFrameAt: happening.at, epoch: happening.epoch, seq, attempts: 0 };
    }
    case "object":
      return { ...state, lastFrameAt: happening.at, seq: Math.max(state.seq ?? 0, happening.seq) };
    case "frame":
      return { ...state, lastFrameAt: happening.at };
  }
}

/** Whether an object was already received, on this socket or on one before. */
export function isKnown(state: LiveState, seq: number): boolean {
  return state.seq !== null && seq <= state.seq;
}

/** Milliseconds to wait before the next attempt; `spread` in 0..1 keeps many pages from knocking at once. */
export function reconnectDelay(attempts: number, spread: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, attempts - 1));
  return Math.round(full * (0.6 + 0.4 * spread));
}

import { describe, expect, it } from "vitest";

import { advance, INITIAL, isKnown, type LiveHappening, type LiveState, reconnectDelay } from "@/lib/live/state";

const after = (...happenings: LiveHappening[]): LiveState => happenings.reduce(advance, INITIAL);
const connected = (epoch: string, seq: number, at = 1): LiveHappening => ({ kind: "connected", epoch, seq, at });
const closed: LiveHappening = { kind: "closed" };

describe("the live connection", () => {
  it("begins by connecting and is live with the first frame", () => {
    expect(INITIAL.phase).toBe("connecting");
    expect(after(connected("a", 100, 7))).toEqual({ phase: "live", lastFrameAt: 7, epoch: "a", seq: 100, attempts: 0 });
  });

  it("remembers the newest object, in whatever order they come", () => {
    const state = after(connected("a", 100), { kind: "object", seq: 105, at: 2 }, { kind: "object", seq: 103, at: 3 });
    expect(state.seq).toBe(105);
    expect(state.lastFrameAt).toBe(3);
  });

  it("does not take the number of a greeting for an object that it holds", () => {
    // 101 to 119 happened while it was away: they are about to be replayed.
    const state = after(connected("a", 90), { kind: "object", seq: 100, at: 2 }, closed, connected("a", 119));
    expect(state.seq).toBe(100);
    expect(isKnown(state, 100)).toBe(true);
    expect(isKnown(state, 101)).toBe(false);
  });

  it("starts counting anew after a restart of the server", () => {
    expect(after(connected("a", 100), closed, connected("b", 900)).seq).toBe(900);
  });

  it("keeps what it holds while it is away, and says when that was", () => {
    const state = after(connected("a", 100, 5), closed);
    expect(state).toMatchObject({ phase: "reconnecting", seq: 100, epoch: "a", lastFrameAt: 5 });
  });

  it("is offline after some attempts in vain, and live again afterwards", () => {
    const lost = after(connected("a", 1), closed, closed, closed, closed, closed);
    expect(lost.phase).toBe("offline");
    expect(advance(lost, connected("a", 2))).toMatchObject({ phase: "live", attempts: 0 });
  });
});

describe("the delay before the next attempt", () => {
  it("doubles up to a limit", () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((attempts) => reconnectDelay(attempts, 1))).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("is spread, but never shorter than three fifths", () => {
    expect(reconnectDelay(3, 0)).toBe(1200);
  });
});

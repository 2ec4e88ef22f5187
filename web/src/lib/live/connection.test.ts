// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { LiveConnection } from "@/lib/live/connection";

/** A socket that the test speaks through. */
class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  constructor(readonly url: string) {
    super();
    FakeSocket.all.push(this);
  }
  close(): void {
    this.dispatchEvent(new Event("close"));
  }
  says(frame: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

const newest = () => FakeSocket.all.at(-1) as FakeSocket;
const greeting = (epoch: string, seq: number) => ({ type: "connection", data: "connected", status: "connected", epoch, seq });
const threat = (seq: number) => ({ type: "threat", data: { id: seq }, seq });

describe("LiveConnection", () => {
  const onMessage = vi.fn();
  const onLost = vi.fn();
  let connection: LiveConnection;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeSocket);
    FakeSocket.all = [];
    onMessage.mockReset();
    onLost.mockReset();
    connection = new LiveConnection("http://127.0.0.1:3001", { onMessage, onLost });
    connection.start();
  });
  afterEach(() => {
    connection.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("tells when the session ended, and only then", () => {
    const onEnded = vi.fn();
    connection.stop();
    connection = new LiveConnection("http://127.0.0.1:3001", { onMessage, onLost, onEnded });
    connection.start();
    newest().dispatchEvent(new CloseEvent("close", { code: 1012 }));
    expect(onEnded).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    newest().dispatchEvent(new CloseEvent("close", { code: 4401 }));
    expect(onEnded).toHaveBeenCalledOnce();
  });

  it("comes back after a loss and asks for what it missed", () => {
    newest().says(greeting("a", 100));
    newest().says(threat(105));
    newest().close();
    expect(connection.snapshot().phase).toBe("reconnecting");
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    const asked = new URL(newest().url).searchParams;
    expect([asked.get("since"), asked.get("epoch")]).toEqual(["105", "a"]);
    newest().says(greeting("a", 110));
    newest().says(threat(105));
    newest().says(threat(107));
    expect(onMessage.mock.calls.map(([message]) => (message as { seq: number }).seq)).toEqual([105, 107]);
    expect(onLost).not.toHaveBeenCalled();
  });

  it.each([
    ["the server was restarted", () => newest().says(greeting("b", 900))],
    [
      "objects have left the ring",
      () => {
        newest().says(greeting("a", 100));
        newest().says({ type: "resumed", data: { replayed: 2, lost: 4 }, seq: 100 });
      },
    ],
    [
      "it cannot be known what was missed",
      () => {
        newest().says(greeting("a", 100));
        newest().says({ type: "resumed", data: { replayed: 0, lost: null }, seq: 100 });
      },
    ],
    [
      "frames were dropped for this socket",
      () => {
        newest().says(greeting("a", 100));
        newest().says({ type: "lagged", data: { dropped: 17 }, seq: 100 });
      },
    ],
  ])("has everything asked for anew when %s", (_why, happens) => {
    newest().says(greeting("a", 100));
    newest().close();
    vi.advanceTimersByTime(500);
    happens();
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it("asks for nothing when a resume lost nothing", () => {
    newest().says(greeting("a", 100));
    newest().says({ type: "resumed", data: { replayed: 2, lost: 0 }, seq: 100 });
    expect(onLost).not.toHaveBeenCalled();
  });

  it("gives up a socket that has gone silent", () => {
    newest().says(greeting("a", 100));
    vi.advanceTimersByTime(21_000);
    expect(connection.snapshot().phase).not.toBe("live");
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it("stays down once it was stopped", () => {
    connection.stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });
});

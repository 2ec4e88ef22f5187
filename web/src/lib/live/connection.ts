// One socket to the server that comes back by itself and asks for what it missed.

import { readFrame } from "@/lib/live/frame";
import { advance, INITIAL, isKnown, type LiveHappening, type LiveState, reconnectDelay } from "@/lib/live/state";
import { liveAddress } from "@/lib/paths";
import type { LiveMessage } from "@/lib/wire";

/** Frames that carry a numbered object; only they are replayed, and only their numbers are kept. */
const OBJECTS = new Set(["alert", "alert_update", "activity", "traffic", "traffic_batch", "threat"]);

/** Without a frame for so long the socket is given up: metrics come every 1 to 5 seconds. */
const SILENCE_MS = 20_000;

interface LiveEvents {
  /** A frame with new content. */
  onMessage: (message: LiveMessage) => void;
  /** Frames were lost, or may have been: what is shown must be asked for anew. */
  onLost: () => void;
  /** The session ended; the server takes no socket of it any more. */
  onEnded?: () => void;
}

/** The server's close code for a credential that expired or was revoked (API.md 7). */
const ENDED = 4401;

export class LiveConnection {
  private state: LiveState = INITIAL;
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;
  private wasConnected = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly origin: string,
    private readonly events: LiveEvents,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveState => this.state;

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    window.addEventListener("online", this.retryNow);
    this.open();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.retryNow);
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** Tries at once instead of waiting out the delay. */
  readonly retryNow = (): void => {
    if (this.stopped || this.socket !== null) return;
    clearTimeout(this.timer);
    this.open();
  };

  private open(): void {
    const { seq, epoch } = this.state;
    const socket = new WebSocket(liveAddress(this.origin, seq === null || epoch === null ? undefined : { since: seq, epoch }));
    this.socket = socket;
    this.watch(socket);
    socket.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (this.socket === socket) this.receive(event.data, socket);
    });
    socket.addEventListener("close", (event) => {
      if (this.socket === socket && event instanceof CloseEvent && event.code === ENDED) this.events.onEnded?.();
      this.lose(socket);
    });
  }

  private receive(text: unknown, socket: WebSocket): void {
    this.watch(socket);
    const message = readFrame(text);
    if (message === null) return;
    const at = Date.now();
    if (message.type === "connection") {
      const missed = this.wasConnected && this.state.epoch !== message.epoch;
      this.happen({ kind: "connected", at, epoch: message.epoch, seq: message.seq });
      this.wasConnected = true;
      if (missed) this.events.onLost();
      return;
    }
    if (OBJECTS.has(message.type)) {
      const known = isKnown(this.state, message.seq);
      this.happen({ kind: "object", at, seq: message.seq });
      if (!known) this.events.onMessage(message);
      return;
    }
    this.happen({ kind: "frame", at });
    if (message.type === "lagged" || (message.type === "resumed" && message.data.lost !== 0)) this.events.onLost();
    else this.events.onMessage(message);
  }

  private lose(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    clearTimeout(this.watchdog);
    this.happen({ kind: "closed" });
    this.timer = setTimeout(() => this.open(), reconnectDelay(this.state.attempts, Math.random()));
  }

  private watch(socket: WebSocket): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      // A dead peer may never complete the closing handshake: the loss is declared here.
      socket.close();
      this.lose(socket);
    }, SILENCE_MS);
  }

  private happen(happening: LiveHappening): void {
    this.state = advance(this.state, happening);
    for (const listener of this.listeners) listener();
  }
}

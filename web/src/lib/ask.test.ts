import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { makeAsk } from "@/lib/ask";

const sent = vi.fn<typeof fetch>();

let ask: ReturnType<typeof makeAsk>;

beforeEach(() => {
  ask = makeAsk();
  vi.useFakeTimers();
  vi.stubGlobal("fetch", sent);
  sent.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const reading = () => new Request("http://127.0.0.1/api/v1/traffic");
const refused = (wait: string) => new Response('{"message":"too many requests"}', { status: 429, headers: { "retry-after": wait } });

describe("asking", () => {
  it("does not ask again before the time that a refusal named, and gives the same refusal", async () => {
    sent.mockResolvedValueOnce(refused("9"));
    expect((await ask(reading())).status).toBe(429);
    vi.advanceTimersByTime(8_900);
    const held = await ask(reading());
    expect(held.status).toBe(429);
    expect(await held.text()).toBe('{"message":"too many requests"}');
    expect(sent).toHaveBeenCalledTimes(1);
    sent.mockResolvedValueOnce(new Response("{}"));
    vi.advanceTimersByTime(200);
    expect((await ask(reading())).status).toBe(200);
  });

  it("sends what somebody does all the same", async () => {
    sent.mockResolvedValueOnce(refused("9"));
    await ask(reading());
    sent.mockResolvedValueOnce(new Response("{}"));
    expect((await ask(new Request("http://127.0.0.1/api/v1/alerts/bulk", { method: "POST" }))).status).toBe(200);
  });

  it.each(["", "soon", "-4", "Fri, 27 Nov 2026 00:00:00 GMT"])("asks again whenever it is asked after a refusal that names no time: %s", async (wait) => {
    sent.mockResolvedValueOnce(refused(wait));
    await ask(reading());
    sent.mockResolvedValueOnce(new Response("{}"));
    expect((await ask(reading())).status).toBe(200);
  });

  it("gives up a server that is silent", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(new DOMException("late", "TimeoutError")));
    sent.mockImplementation((_request, init) => Promise.reject(init?.signal?.reason as Error));
    await expect(ask(reading())).rejects.toMatchObject({ name: "TimeoutError" });
    timeout.mockRestore();
  });
});

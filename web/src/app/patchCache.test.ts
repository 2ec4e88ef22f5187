import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { CachePatcher, withActivity, withAlert } from "@/app/patchCache";
import { keys } from "@/lib/keys";
import type { LiveMessage } from "@/lib/wire";
import { activity, alert, traffic } from "@/test/samples";

const frame = { timestamp: "2026-03-04T05:06:07Z", seq: 1 };

describe("withAlert", () => {
  it("puts a new alert on top", () => {
    expect(withAlert([alert], { ...alert, id: 42 }).map(({ id }) => id)).toEqual([42, 41]);
  });

  it("changes a known one in its place", () => {
    const others = [{ ...alert, id: 43 }, alert];
    expect(withAlert(others, { ...alert, count: 12 }).map(({ id, count }) => [id, count])).toEqual([
      [43, 9],
      [41, 12],
    ]);
  });

  it("takes one away that is no longer active", () => {
    expect(withAlert([alert], { ...alert, is_active: false, status: "dismissed" })).toEqual([]);
  });
});

describe("withActivity", () => {
  it("keeps the newest on top and each once", () => {
    const older = { ...activity, id: 1, timestamp: "2026-03-04T05:06:01.000000Z" };
    expect(withActivity([activity], older).map(({ id }) => id)).toEqual([5464, 1]);
    expect(withActivity([activity], activity)).toHaveLength(1);
  });

  it("does not grow without end", () => {
    const many = Array.from({ length: 40 }, (_, id) => ({ ...activity, id }));
    expect(withActivity(many, { ...activity, id: 99, timestamp: "2026-03-04T06:00:00.000000Z" })).toHaveLength(40);
  });
});

describe("CachePatcher", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands rows to the page and asks for sums once per pause, however many frames come", () => {
    const cache = new QueryClient();
    const asked = vi.spyOn(cache, "invalidateQueries").mockResolvedValue();
    const rows = vi.fn();
    const patcher = new CachePatcher(cache, rows);
    const batch: LiveMessage = { type: "traffic_batch", data: [traffic], sampled: 3, ...frame };
    for (let count = 0; count < 10; count += 1) patcher.onMessage(batch);
    expect(rows).toHaveBeenCalledTimes(10);
    expect(rows).toHaveBeenLastCalledWith([traffic], 3);
    expect(asked).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(asked.mock.calls.filter(([filters]) => filters?.queryKey?.[0] === "charts")).toHaveLength(1);
  });

  it("patches alerts only where they are held", () => {
    const cache = new QueryClient();
    const patcher = new CachePatcher(cache, vi.fn());
    patcher.onMessage({ type: "alert", data: alert, ...frame });
    expect(cache.getQueryData(keys.alerts)).toBeUndefined();
    cache.setQueryData(keys.alerts, []);
    patcher.onMessage({ type: "alert", data: alert, ...frame });
    expect(cache.getQueryData(keys.alerts)).toEqual([alert]);
  });

  it("asks for everything when frames were lost", () => {
    const cache = new QueryClient();
    const asked = vi.spyOn(cache, "invalidateQueries").mockResolvedValue();
    new CachePatcher(cache, vi.fn()).onLost();
    expect(asked).toHaveBeenCalledWith();
  });
});

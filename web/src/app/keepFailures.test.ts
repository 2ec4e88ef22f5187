import { notifyManager, QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";

import { keepFailures } from "@/app/keepFailures";

function makeCache(): QueryClient {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  keepFailures(cache.getQueryCache());
  return cache;
}

describe("keepFailures", () => {
  it("shows the failure until there is an answer, not grey bars each time it is asked anew", async () => {
    const cache = makeCache();
    let answer: (() => void) | undefined;
    const outcomes = ["first", "second", 5];
    const ask = () =>
      new Promise<number>((resolve, reject) => {
        answer = () => {
          const outcome = outcomes.shift();
          if (typeof outcome === "number") resolve(outcome);
          else reject(new Error(outcome));
        };
      });
    const observer = new QueryObserver<number>(cache, { queryKey: ["x"], queryFn: ask });
    const seen: string[] = [];
    // As a component hears of it: once all of a change has happened.
    const look = () => {
      const { status, fetchStatus, error, data } = observer.getCurrentResult();
      seen.push(`${status} ${fetchStatus} ${error?.message ?? data ?? ""}`);
    };
    observer.subscribe(notifyManager.batchCalls(look));
    answer?.();
    await vi.waitFor(() => expect(seen.at(-1)).toBe("error idle first"));

    for (const [during, after] of [
      ["error fetching first", "error idle second"],
      ["error fetching second", "success idle 5"],
    ]) {
      void observer.refetch();
      await vi.waitFor(() => expect(seen.at(-1)).toBe(during));
      answer?.();
      await vi.waitFor(() => expect(seen.at(-1)).toBe(after));
    }
    cache.clear();
  });

  it("forgets the failure when what was asked for is reset", async () => {
    const cache = makeCache();
    await cache.query({ queryKey: ["x"], queryFn: () => Promise.reject<number>(new Error("old")) }).catch(() => undefined);
    await cache.resetQueries({ queryKey: ["x"] });
    expect(cache.getQueryState(["x"])?.status).toBe("pending");
    cache.clear();
  });
});

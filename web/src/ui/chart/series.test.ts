import { describe, expect, it } from "vitest";

import { alone, hasValues, seconds, type Series, stack } from "@/ui/chart/series";

const series = (values: (number | null)[]): Series => ({ key: "k", label: "K", colour: "--chart-1", values });

describe("a chart", () => {
  it.each<[(number | null)[], number[]]>([
    [[], []],
    [[4], [0]],
    [[null, 4, null, 1, 2], [1]],
    [[4, null, null, 0], [0, 3]],
    [[1, 2, 3], []],
  ])("marks what stands alone in %j", (values, places) => {
    expect(alone(values)).toEqual(places);
  });

  it("stacks each layer on those before it, gaps as nothing", () => {
    expect(stack([series([1, 2, null]), series([3, null, 5])])).toEqual([
      [1, 2, 0],
      [4, 2, 5],
    ]);
  });

  it("is empty when all is zero or missing", () => {
    expect(hasValues([series([0, null]), series([])])).toBe(false);
    expect(hasValues([series([0, 0.1])])).toBe(true);
  });

  it("places buckets by their start", () => {
    expect(seconds(["1970-01-01T00:01:00Z"])).toEqual([60]);
  });
});

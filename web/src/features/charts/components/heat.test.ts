import { describe, expect, it } from "vitest";

import { heatGrid, heatStep } from "@/features/charts/components/heat";

const at = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).getTime() / 1000;

describe("the grid of hours by weekday", () => {
  it("sums buckets of one hour and hours of several weeks", () => {
    // 2 March 2026 is a Monday.
    const grid = heatGrid([
      { at: at(2, 9), count: 3 },
      { at: at(2, 9, 30), count: 4 },
      { at: at(9, 9), count: 5 },
      { at: at(8, 23), count: 1 },
    ]);
    expect(grid[0]?.[9]).toEqual({ count: 12, hours: [at(2, 9), at(9, 9)] });
    expect(grid[6]?.[23]?.count).toBe(1);
    expect(grid[3]?.[3]).toBeNull();
  });
});

describe("the shade", () => {
  it("tells nothing from little, and reaches the top at the largest", () => {
    expect([heatStep(0, 100), heatStep(1, 100), heatStep(50, 100), heatStep(100, 100), heatStep(0, 0)]).toEqual([0, 1, 3, 5, 0]);
  });
});

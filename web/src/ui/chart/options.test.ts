import { expect, test } from "vitest";

import { spanOf } from "@/ui/chart/options";

test("the time axis ends with what is drawn, of a single point too", () => {
  expect(spanOf([100, 160, 220], 100, 220, "lines", 60)).toEqual([100, 220]);
  expect(spanOf([100, 160, 220], 100, 220, "bars", 60)).toEqual([100, 280]);
  for (const kind of ["lines", "steps", "bars"] as const) expect(spanOf([100], 100, 86_400_100, kind, 60)).toEqual([100, 160]);
});

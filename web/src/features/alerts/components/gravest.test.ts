import { describe, expect, it } from "vitest";

import { gravestFirst } from "@/features/alerts/components/gravest";
import { alert } from "@/test/samples";

describe("gravestFirst", () => {
  it("puts critical before high, and the bigger before the smaller", () => {
    const alerts = [
      { ...alert, id: 1, type: "warning" as const, severity: "low" as const, count: 9_000 },
      { ...alert, id: 2, type: "warning" as const, severity: "high" as const, count: 5 },
      { ...alert, id: 3, type: "critical" as const, severity: "high" as const, count: 1 },
      { ...alert, id: 4, type: "warning" as const, severity: "high" as const, count: 50 },
    ];
    expect(gravestFirst(alerts).map(({ id }) => id)).toEqual([3, 4, 2, 1]);
  });
});

import { describe, expect, it } from "vitest";

import { gravestFirst, passes, sorted } from "@/features/alerts/components/gravest";
import { alert } from "@/test/samples";

const alerts = [
  { ...alert, id: 1, type: "warning" as const, severity: "low" as const, count: 9_000, last_seen: "2026-03-04T05:00:00Z" },
  { ...alert, id: 2, type: "warning" as const, severity: "high" as const, count: 5, last_seen: "2026-03-04T06:00:00Z" },
  { ...alert, id: 3, type: "critical" as const, severity: "high" as const, count: 1, last_seen: "2026-03-04T04:00:00Z" },
  { ...alert, id: 4, type: "warning" as const, severity: "high" as const, count: 50, last_seen: "2026-03-04T05:30:00Z" },
];
const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id);

describe("the order of alerts", () => {
  it("puts critical before high, and the bigger before the smaller", () => {
    expect(ids(gravestFirst(alerts))).toEqual([3, 4, 2, 1]);
  });

  it("follows what was chosen", () => {
    expect(ids(sorted(alerts, "count"))).toEqual([1, 4, 2, 3]);
    expect(ids(sorted(alerts, "newest"))).toEqual([2, 4, 1, 3]);
    expect(ids(sorted(alerts, "gravest"))).toEqual([3, 4, 2, 1]);
  });
});

describe("the filters of alerts", () => {
  const kept = (filters: Parameters<typeof passes>[1]) => ids(alerts.filter((each) => passes(each, filters)));

  it("takes a critical alert for critical and, as its badge says, for high", () => {
    expect(kept({ severity: "critical" })).toEqual([3]);
    expect(kept({ severity: "high" })).toEqual([2, 3, 4]);
    expect(kept({ severity: "low,critical" })).toEqual([1, 3]);
  });

  it("wants every word, wherever it stands", () => {
    expect(kept({ q: "198.51 SQL" })).toHaveLength(4);
    expect(kept({ q: "198.51 xss" })).toEqual([]);
    expect(kept({ class: "xss" })).toEqual([]);
    expect(kept({ class: "xss,sql_injection", q: "shop" })).toHaveLength(4);
  });
});

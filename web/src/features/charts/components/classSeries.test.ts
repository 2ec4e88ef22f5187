import { describe, expect, it } from "vitest";

import { classSeries } from "@/features/charts/components/classSeries";
import type { ThreatsPoint } from "@/lib/wire";

const point = (byClass: Record<string, number>): ThreatsPoint => ({ time: "2026-03-04T05:00:00Z", date: "03-04 05:00", sql: 0, xss: 0, ddos: 0, other: 0, by_class: byClass });

describe("classSeries", () => {
  it("has one layer per class that occurs, with a value for each bucket", () => {
    const series = classSeries([point({ xss: 2 }), point({}), point({ sql_injection: 1, xss: 1 })]);
    expect(series.map(({ label, values }) => [label, values])).toEqual([
      ["SQL Injection", [0, 0, 1]],
      ["XSS", [2, 0, 1]],
    ]);
  });

  it("sums what has no colour of its own, so that no threat is missing", () => {
    const names = ["xss", "ssrf", "xxe", "nosql", "scanner", "policy", "anomaly", "ddos", "brand_new"];
    const series = classSeries([point(Object.fromEntries(names.map((name, index) => [name, index + 1])))]);
    expect(series).toHaveLength(8);
    expect(series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBe(45);
    expect(series.at(-1)).toMatchObject({ label: "2 other classes", key: "ssrf,xss" });
  });

  it("shows a class that this page does not know under its own name", () => {
    expect(classSeries([point({ brand_new: 1 })])[0]?.label).toBe("brand_new");
  });
});

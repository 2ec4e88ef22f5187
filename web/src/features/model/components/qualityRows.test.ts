import { describe, expect, it } from "vitest";

import { qualityRows, sortRows } from "@/features/model/components/qualityRows";
import type { MeasuredQuality } from "@/lib/wire";

const QUALITY: MeasuredQuality = {
  measured_at: "2026-03-04T05:06:07Z",
  hash: "ab",
  threshold: 0.5,
  sets: [
    { set: "suites/attacks.jsonl", attack: 10, caught: 9, benign: 0, false_alarms: 0, classes: [{ class: "sqli", attack: 8, caught: 8 }, { class: "xss", attack: 2, caught: 1 }] },
    { set: "suites/people.jsonl", attack: 0, caught: 0, benign: 200, false_alarms: 1, classes: [] },
  ],
};

describe("the table of measured quality", () => {
  it("has a row for each set, or for each class of attack in it", () => {
    expect(qualityRows(QUALITY, "sets").map(({ set, caught, alarms }) => [set, caught, alarms])).toEqual([
      ["attacks", 0.9, null],
      ["people", null, 0.005],
    ]);
    expect(qualityRows(QUALITY, "classes").map(({ class: name, attack, caught }) => [name, attack, caught])).toEqual([
      ["sqli", 8, 1],
      ["xss", 2, 0.5],
    ]);
  });

  it("is sorted both ways, and what has no figure stands last in either", () => {
    const sets = qualityRows(QUALITY, "sets");
    expect(sortRows(sets, { by: "alarms", descending: false }).map(({ set }) => set)).toEqual(["people", "attacks"]);
    expect(sortRows(sets, { by: "alarms", descending: true }).map(({ set }) => set)).toEqual(["people", "attacks"]);
    const classes = qualityRows(QUALITY, "classes");
    expect(sortRows(classes, { by: "caught", descending: false }).map((row) => row.class)).toEqual(["xss", "sqli"]);
    expect(sortRows(classes, { by: "class", descending: true }).map((row) => row.class)).toEqual(["xss", "sqli"]);
  });
});

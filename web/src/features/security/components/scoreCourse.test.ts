import { describe, expect, it } from "vitest";

import { courseWithin, scoreCourse } from "@/features/security/components/scoreCourse";
import type { CheckHistory, CheckStatus, SecurityCheck } from "@/lib/wire";

const check = (key: string, status: CheckStatus): SecurityCheck => ({
  id: 1,
  key,
  name: key,
  status,
  message: "",
  details: null,
  lastChecked: "2026-03-04T05:06:00Z",
  duration_ms: 1,
  value: "",
  why: "",
  remedy: null,
  weight: 1,
});
const change = (key: string, status: CheckStatus, second: number): CheckHistory => ({ key, status, message: "", timestamp: new Date(second * 1000).toISOString() });

describe("the score over time", () => {
  it("begins where every check is known and holds until the next change", () => {
    const changes = [change("b", "pass", 40), change("b", "fail", 20), change("a", "pass", 10)];
    expect(scoreCourse([check("a", "pass"), check("b", "pass")], changes, 60_000)).toEqual([
      { at: 20, score: 50 },
      { at: 40, score: 100 },
      { at: 60, score: 100 },
    ]);
  });

  it("takes a check that never changed for what it is now, and counts a warning half", () => {
    expect(scoreCourse([check("a", "pass"), check("b", "warning")], [change("b", "warning", 20)], 30_000)).toEqual([
      { at: 20, score: 75 },
      { at: 30, score: 75 },
    ]);
  });

  it("knows nothing without checks", () => {
    expect(scoreCourse([], [change("gone", "fail", 5)], 9_000)).toEqual([]);
  });
});

describe("a stretch of it", () => {
  const course = [
    { at: 10, score: 50 },
    { at: 30, score: 100 },
    { at: 60, score: 100 },
  ];
  it("enters with the value that stood there and ends at its end", () => {
    expect(courseWithin(course, 20, 40)).toEqual([
      { at: 20, score: 50 },
      { at: 30, score: 100 },
      { at: 40, score: 100 },
    ]);
  });
  it("is empty before the course begins", () => {
    expect(courseWithin(course, 0, 5)).toEqual([]);
  });
});

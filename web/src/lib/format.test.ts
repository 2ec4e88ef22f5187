import { describe, expect, it } from "vitest";

import { bytes, change, count, duration, inOneUnit, microseconds, milliseconds, percent, score } from "@/lib/format";

describe("numbers for people", () => {
  it.each([
    [count(91_240), "91,240"],
    [percent(0.88), "0.88 %"],
    [percent(100), "100 %"],
    [score(0.98714), "0.987"],
    [score(null), "–"],
    [milliseconds(7.44), "7.4 ms"],
    [milliseconds(437.4), "437 ms"],
    [milliseconds(12_345), "12.3 s"],
    [milliseconds(null), "–"],
    [microseconds(6.17), "6.2 µs"],
    [microseconds(640.4), "640 µs"],
    [microseconds(1_234), "1.2 ms"],
    [microseconds(0), "0 µs"],
    [microseconds(null), "–"],
    [bytes(0), "0 B"],
    [bytes(1536), "1.5 KB"],
    [bytes(5_000_000_000_000_000), "4,547.5 TB"],
    [bytes(null), "–"],
    [duration(0.4), "0 s"],
    [duration(61), "1 min 1 s"],
    [duration(7200), "2 h"],
    [duration(200_000), "2 d 7 h"],
    [duration(-3), "0 s"],
  ])("%s is %s", (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe("a span in large type", () => {
  it.each([
    [0.4, "0.4 s"],
    [1578, "26 min"],
    [7200, "2 h"],
    [22_809_600, "264 d"],
  ])("%f seconds", (seconds, text) => {
    const { value, unit } = inOneUnit(seconds);
    expect(`${value} ${unit}`).toBe(text);
  });
});

describe("change against the period before", () => {
  it.each([
    [0, 0, "same", "unchanged"],
    [5, 0, "new", "none before"],
    [110, 100, "up", "+10 %"],
    [0, 100, "down", "−100 %"],
    [102.5, 100, "up", "+2.5 %"],
    [5000, 100, "up", "+50×"],
  ])("from %f to %f", (now, before, direction, text) => {
    expect(change(now, before)).toEqual({ direction, text });
  });
});

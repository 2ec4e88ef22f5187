import { describe, expect, it } from "vitest";

import { endsNow, rangeQuery, rangeSeconds, rangeText, readRange } from "@/lib/range";

describe("a range", () => {
  it.each([
    ["15m", 900],
    ["24h", 86_400],
    ["400d", 34_560_000],
    ["401d", null],
    ["0h", null],
    ["1s", null],
    ["", null],
    ["-5m", null],
    ["99999999d", null],
  ])("%s lasts %s seconds", (range, seconds) => {
    expect(rangeSeconds(range)).toBe(seconds);
  });

  it.each([
    [{}, { range: "24h" }],
    [{ range: "7d" }, { range: "7d" }],
    [{ from: "2026-03-04T05:00:00Z" }, { from: "2026-03-04T05:00:00Z" }],
    [{ from: "2026-03-04T05:00:00Z", to: "2026-03-04T06:00:00Z" }, { from: "2026-03-04T05:00:00Z", to: "2026-03-04T06:00:00Z" }],
  ])("%j is asked for as %j", (search, query) => {
    expect(rangeQuery(search)).toEqual(query);
  });

  it("prefers instants over a preset and drops an end before the beginning", () => {
    expect(readRange({ range: "1h", from: "2026-03-04T05:00:00Z", to: "2026-03-04T04:00:00Z" })).toEqual({ from: "2026-03-04T05:00:00Z" });
  });

  it("without a zone is not read", () => {
    expect(readRange({ from: "2026-03-04T05:00:00" })).toEqual({});
  });

  it("moves with the clock unless its end is fixed", () => {
    expect(endsNow({ range: "1h" })).toBe(true);
    expect(endsNow({ from: "2026-03-04T05:00:00Z" })).toBe(true);
    expect(endsNow({ from: "2026-03-04T05:00:00Z", to: "2026-03-04T06:00:00Z" })).toBe(false);
  });

  it("is named in words, in local time", () => {
    expect(rangeText({})).toBe("last 24 hours");
    expect(rangeText({ range: "1h" })).toBe("last hour");
    // Berlin is one hour ahead of UTC in March.
    expect(rangeText({ from: "2026-03-04T05:00:00Z", to: "2026-03-04T06:30:00Z" })).toBe("4 Mar 2026, 06:00 – 4 Mar 2026, 07:30");
  });
});

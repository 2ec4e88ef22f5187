import { describe, expect, it } from "vitest";

import { fromLocalInput, fullTime, shortTime, toLocalInput, utcTime, zone } from "@/lib/time";

const INSTANT = "2026-03-04T05:06:07.123456Z";

describe("an instant", () => {
  it("is shown in the local zone, which is named", () => {
    expect(zone()).toBe("Europe/Berlin");
    expect(fullTime(INSTANT)).toBe("4 Mar 2026, 06:06:07 CET");
  });

  it("keeps all its digits in UTC", () => {
    expect(utcTime(INSTANT)).toBe("2026-03-04 05:06:07.123456 UTC");
  });

  it.each([
    ["2026-03-04T20:00:00Z", "06:06:07"],
    ["2026-03-05T20:00:00Z", "4 Mar 06:06:07"],
    ["2027-03-04T20:00:00Z", "4 Mar 2026 06:06:07"],
  ])("seen at %s is cut to %s", (now, text) => {
    expect(shortTime(INSTANT, new Date(now))).toBe(text);
  });

  it("goes through a field and comes back to the minute", () => {
    expect(toLocalInput(INSTANT)).toBe("2026-03-04T06:06");
    expect(fromLocalInput("2026-03-04T06:06")).toBe("2026-03-04T05:06:00.000Z");
    expect(fromLocalInput("")).toBeNull();
    expect(fromLocalInput("soon")).toBeNull();
  });
});

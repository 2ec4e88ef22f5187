// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";

import { chooseColumns, chosenColumns, readColumns } from "@/lib/columns";

beforeEach(() => localStorage.clear());

describe("the columns of a list", () => {
  it("are left to the window until somebody chooses, each list for itself", () => {
    expect(chosenColumns("traffic")).toBeNull();
    chooseColumns("traffic", ["time", "host"]);
    expect(chosenColumns("traffic")).toEqual(["time", "host"]);
    expect(chosenColumns("threats")).toBeNull();
    expect(localStorage.getItem("bartizan.columns.traffic")).toBe('["time","host"]');
    chooseColumns("traffic", null);
    expect(chosenColumns("traffic")).toBeNull();
  });

  it.each([["time"], [{ time: true }], [[]], [[1, null]], [null]])("are not taken from what is none: %j", (raw) => {
    expect(readColumns(raw)).toBeNull();
  });

  it("are cut to what a table can hold", () => {
    expect(readColumns(["time", 7, "host"])).toEqual(["time", "host"]);
    expect(readColumns(Array.from({ length: 500 }, (_, index) => `c${index}`))).toHaveLength(40);
  });
});

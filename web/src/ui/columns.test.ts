import { describe, expect, it } from "vitest";

import { type ColumnHead, shownColumns } from "@/ui/columns";

const COLUMNS: ColumnHead[] = [
  { key: "time", head: "Time" },
  { key: "ip", head: "Client", from: "sm" },
  { key: "host", head: "Host", from: "lg" },
  { key: "agent", head: "User agent", optional: true },
];
const shown = (chosen: readonly string[] | null, step: number) => shownColumns(COLUMNS, chosen, step).map(({ key }) => key);

describe("shownColumns", () => {
  it("follows the window while nobody has chosen", () => {
    expect(shown(null, 0)).toEqual(["time"]);
    expect(shown(null, 1)).toEqual(["time", "ip"]);
    expect(shown(null, 3)).toEqual(["time", "ip", "host"]);
  });

  it("shows what was chosen at every width, in the table's own order", () => {
    expect(shown(["agent", "time"], 0)).toEqual(["time", "agent"]);
  });

  it("takes a choice of columns that are no more for none", () => {
    expect(shown(["gone"], 1)).toEqual(["time", "ip"]);
  });
});

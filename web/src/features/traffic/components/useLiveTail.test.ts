// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { PAGE_ROWS } from "@/features/traffic/api/useTrafficList";
import { mergeRows } from "@/features/traffic/components/useLiveTail";
import { traffic } from "@/test/samples";

const row = (id: number, second: number) => ({ ...traffic, id, timestamp: `2026-03-04T05:06:${String(second).padStart(2, "0")}.000000Z` });

describe("mergeRows", () => {
  it("sorts a late line into its place", () => {
    expect(mergeRows([row(1, 30), row(2, 10)], [row(3, 20)]).map(({ id }) => id)).toEqual([1, 3, 2]);
  });

  it("keeps a row once that came by both ways", () => {
    expect(mergeRows([row(1, 30)], [row(1, 30), row(2, 31)]).map(({ id }) => id)).toEqual([2, 1]);
  });

  it("never holds more than a page", () => {
    const held = Array.from({ length: PAGE_ROWS }, (_, id) => row(id, 0));
    expect(mergeRows(held, [row(9_999, 1)])).toHaveLength(PAGE_ROWS);
  });
});

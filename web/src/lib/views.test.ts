// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";

import { chooseColumns, chosenColumns } from "@/lib/columns";
import { addView, deleteView, MOST_VIEWS, nameProblem, openView, readViews, renameView, savedViews, viewOf } from "@/lib/views";

afterEach(() => {
  for (const view of savedViews()) deleteView(view);
  chooseColumns("traffic", null);
});

describe("a saved view", () => {
  it("holds range, filters, order and columns, but no page and nothing of other pages", () => {
    chooseColumns("traffic", ["time", "ip"]);
    const view = viewOf("  Errors of a week ", "traffic", { range: "7d", status: "5xx", order: "asc", cursor: "c", metric: "cpu" });
    expect(view).toEqual({ name: "Errors of a week", list: "traffic", query: "?range=7d&status=5xx&order=asc", columns: ["time", "ip"] });

    chooseColumns("traffic", null);
    expect(openView(view)).toEqual({ range: "7d", status: "5xx", order: "asc" });
    expect(chosenColumns("traffic")).toEqual(["time", "ip"]);
  });

  it("is renamed and deleted without touching its namesake of the other list", () => {
    addView(viewOf("Mine", "traffic", {}));
    addView(viewOf("Mine", "threats", { severity: "high" }));
    expect(nameProblem(savedViews(), { name: "Mine ", list: "traffic" })).toMatch(/exists already/);
    expect(nameProblem(savedViews(), { name: " ", list: "traffic" })).toMatch(/name/);
    expect(nameProblem(savedViews(), { name: "Other", list: "traffic" })).toBeNull();

    const [first] = savedViews();
    if (first === undefined) throw new Error("nothing was saved");
    renameView(first, "Yours");
    expect(savedViews().map(({ name, list }) => `${list} ${name}`)).toEqual(["traffic Yours", "threats Mine"]);
    deleteView({ ...first, name: "Yours" });
    expect(savedViews().map(({ name, list }) => `${list} ${name}`)).toEqual(["threats Mine"]);
  });

  it("is read with care, since anybody can write into a browser's storage", () => {
    expect(readViews("no list")).toEqual([]);
    expect(readViews([null, 7, {}, { name: "", list: "traffic", query: "" }, { name: "a", list: "users", query: "" }, { name: "a", list: "traffic", query: 5 }])).toEqual([]);
    expect(readViews([{ name: "a", list: "threats", query: "?severity=high&evil=1&q=x", columns: "all" }])).toEqual([{ name: "a", list: "threats", query: "?severity=high", columns: null }]);
    const many = Array.from({ length: 500 }, (_, index) => ({ name: `v${index}`, list: "traffic", query: "" }));
    expect(readViews(many)).toHaveLength(MOST_VIEWS);
    expect(readViews([{ name: "n".repeat(1000), list: "traffic", query: "" }])[0]?.name).toHaveLength(60);
  });
});

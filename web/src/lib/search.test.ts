import { describe, expect, it } from "vitest";

import { filterQuery, filterValues, parseQuery, readSearch, rowsBehind, type Search, withFilter, withoutFilter, writeQuery } from "@/lib/search";

describe("the address", () => {
  it.each<[string, Search]>([
    ["", {}],
    ["?range=24h", { range: "24h" }],
    ["?status=404%2C5xx&q=union+select", { status: "404,5xx", q: "union select" }],
    ["?endpoint=%2Fa%3Fb%3D1%2C2&ip=198.51.100.0%2F24", { endpoint: "/a?b=1,2", ip: "198.51.100.0/24" }],
  ])("survives reading and writing: %s", (query, search) => {
    expect(readSearch(parseQuery(query))).toEqual(search);
    expect(readSearch(parseQuery(writeQuery(search as Record<string, unknown>)))).toEqual(search);
  });

  it("keeps numbers as the text they are", () => {
    expect(readSearch(parseQuery("?status=0404&q=007"))).toEqual({ status: "0404", q: "007" });
  });

  it.each([
    ["?unknown=1", {}],
    ["?q=x", {}],
    ["?min_score=2", {}],
    ["?min_score=0.5", { min_score: "0.5" }],
    ["?enforced=perhaps", {}],
    ["?range=banana", {}],
    ["?from=yesterday", {}],
    ["?ip=%20%20", {}],
  ])("drops what the server would refuse: %s", (query, search) => {
    expect(readSearch(parseQuery(query))).toEqual(search);
  });
});

describe("filters", () => {
  it("collect values and begin at the first page", () => {
    const once = withFilter({ range: "1h", cursor: "abc" }, "status", "404");
    expect(once).toEqual({ range: "1h", status: "404", cursor: undefined });
    expect(withFilter(once, "status", "500").status).toBe("404,500");
    expect(withFilter(once, "status", "404").status).toBe("404");
  });

  it.each(["endpoint", "q", "min_score", "enforced"] as const)("replace the value of %s, which takes no list", (key) => {
    expect(withFilter({ [key]: "one" }, key, "two")[key]).toBe("two");
  });

  it("lose one value at a time", () => {
    expect(withoutFilter({ method: "GET,POST" }, "method", "GET").method).toBe("POST");
    expect(withoutFilter({ method: "GET" }, "method", "GET").method).toBeUndefined();
  });

  it("take a comma in a path literally", () => {
    expect(filterValues("endpoint", "/a,b")).toEqual(["/a,b"]);
    expect(filterValues("status", "404,500")).toEqual(["404", "500"]);
  });

  it("are sent with the types that the server expects", () => {
    expect(filterQuery({ enforced: "false", min_score: "0.5", status: "404" })).toEqual({ enforced: false, min_score: 0.5, status: "404" });
    expect(filterQuery({})).toEqual({});
  });

  it("behind a figure keep the range and nothing else", () => {
    expect(rowsBehind({ range: "7d", q: "old", cursor: "c" }, { action: "block" })).toEqual({ range: "7d", from: undefined, to: undefined, action: "block" });
  });
});

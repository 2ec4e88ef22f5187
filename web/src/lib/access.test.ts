import { describe, expect, it } from "vitest";

import { readLogin, readSettings } from "@/lib/access";

describe("readLogin", () => {
  it("keeps a path of this dashboard with its search", () => {
    expect(readLogin({ from: "/traffic?range=7d&status=404" })).toEqual({ from: "/traffic?range=7d&status=404" });
  });

  it("never leads to another site, nor to itself", () => {
    for (const from of ["//evil.example/", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "traffic", "", "/login?from=/", 7, null]) {
      expect(readLogin({ from })).toEqual({});
    }
  });
});

describe("readSettings", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(readSettings({ tab: "audit", deed: "login", kind: "user", cursor: "c", other: "x" })).toEqual({ tab: "audit", deed: "login", kind: "user", cursor: "c" });
    expect(readSettings({ tab: "root", deed: "<script>", kind: 3, cursor: "" })).toEqual({});
  });
});

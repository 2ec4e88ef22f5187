import { describe, expect, it } from "vitest";

import { matchesFilters } from "@/lib/live/match";
import type { Filters } from "@/lib/search";
import { traffic } from "@/test/samples";

describe("matchesFilters", () => {
  it.each<[Filters, boolean | null]>([
    [{}, true],
    [{ ip: "203.0.113.40" }, true],
    [{ ip: "198.51.100.1,203.0.113.40" }, true],
    [{ ip: "203.0.113.4" }, false],
    [{ ip: "203.0.113.0/24" }, null],
    [{ ip: "2001:db8::1" }, null],
    [{ method: "get" }, true],
    [{ method: "POST,PUT" }, false],
    [{ status: "200" }, true],
    [{ status: "2xx" }, true],
    [{ status: "404,5xx" }, false],
    [{ host: "shop.example.com" }, true],
    [{ host: "other.example.com" }, false],
    [{ host: "*.example.com" }, null],
    [{ endpoint: "/cart" }, true],
    [{ endpoint: "/cart?page=2" }, true],
    [{ endpoint: "/cart?page=3" }, false],
    [{ endpoint: "/ca*" }, true],
    [{ class: "xss" }, false],
    [{ action: "allow,flag" }, true],
    [{ enforced: "true" }, false],
    [{ min_score: "0.5" }, false],
    [{ min_score: "0" }, true],
    [{ q: "cart" }, null],
    [{ q: "cart", status: "404" }, false],
  ])("%j gives %s", (filters, expected) => {
    expect(matchesFilters(traffic, filters)).toBe(expected);
  });

  it("does not count an unjudged row as one of score 0", () => {
    expect(matchesFilters({ ...traffic, score: null }, { min_score: "0" })).toBe(false);
  });
});

// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { commandsFor, isAddress } from "@/app/commands";
import { PLACES } from "@/app/navigation";

describe("commandsFor", () => {
  it("begins with every page", () => {
    const offered = commandsFor("", {}, "/");
    expect(offered.filter(({ group }) => group === "Pages").map(({ text }) => text)).toEqual(PLACES.map(({ text }) => text));
    expect(offered.some(({ group }) => group === "Search")).toBe(false);
  });

  it("searches for an address, a path and words", () => {
    const leads = (text: string) => commandsFor(text, { range: "7d", status: "404" }, "/").filter(({ group }) => group === "Search").map(({ deed }) => deed);
    expect(leads("198.51.100.0/24")[0]).toEqual({ kind: "go", to: "/traffic", search: { range: "7d", from: undefined, to: undefined, ip: "198.51.100.0/24" } });
    expect(leads("/login")[0]).toMatchObject({ to: "/traffic", search: { endpoint: "/login" } });
    expect(leads("union select")).toHaveLength(2);
    expect(leads("union select")[1]).toMatchObject({ to: "/threats", search: { q: "union select" } });
    expect(leads("u")).toEqual([]);
    expect(leads("u".repeat(201))).toEqual([]);
  });

  it("finds commands by all their words, in any order", () => {
    const texts = commandsFor("xss class", {}, "/").map(({ text }) => text);
    expect(texts).toContain("Class: XSS");
    expect(texts.filter((text) => text.startsWith("Class:"))).toHaveLength(1);
    expect(commandsFor("colours dark", {}, "/").map(({ deed }) => deed)).toContainEqual({ kind: "theme", theme: "dark" });
  });

  it("adds a filter to the list that is open, and begins anew from another page", () => {
    const deed = (path: string) => commandsFor("severity high", { severity: "low", cursor: "c" }, path).find(({ text }) => text === "Severity: high")?.deed;
    expect(deed("/threats/7")).toMatchObject({ to: "/threats", search: { severity: "low,high", cursor: undefined } });
    expect(deed("/analytics")).toEqual({ kind: "go", to: "/traffic", search: { range: undefined, from: undefined, to: undefined, severity: "high", cursor: undefined } });
  });
});

describe("isAddress", () => {
  it("knows addresses and blocks from other texts", () => {
    for (const text of ["198.51.100.7", "10.0.0.0/8", "2001:db8::7", "2001:db8::/32", "::1"]) expect(isAddress(text), text).toBe(true);
    for (const text of ["", "1.2.3", "256.1.1.1", "10.0.0.0/33", "10.0.0.0/8/8", "/login", "a.b.c.d", "::1/129"]) expect(isAddress(text), text).toBe(false);
  });
});

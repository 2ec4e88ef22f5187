/// <reference types="node" />
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { matching, readDocument, typeOf } from "@/features/reference/document";

const shipped: unknown = JSON.parse(readFileSync("../crates/api/openapi.json", "utf8"));

test("every operation of the server's own document is shown with what it takes and gives", () => {
  const { groups, schemas } = readDocument(shipped);
  const operations = groups.flatMap((group) => group.operations);
  expect(operations.length).toBeGreaterThan(60);
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  const traffic = operations.find(({ method, path }) => method === "GET" && path === "/api/v1/traffic");
  expect(traffic?.scope).toBe("read");
  expect(traffic?.parameters.map(({ name }) => name)).toContain("min_score");
  const health = operations.find(({ path }) => path === "/health");
  expect(health?.scope).toBeUndefined();
  const known = new Set(schemas.map(({ name }) => name));
  const named = operations.flatMap(({ answers, body }) => [body?.schema, ...answers.map(({ type }) => type?.schema)]);
  for (const name of named) if (name !== undefined) expect(known).toContain(name);
});

test("words find operations, and what is no document is empty", () => {
  const reference = readDocument(shipped);
  const found = matching(reference, "POST silence").flatMap(({ operations }) => operations.map(({ path }) => path));
  expect(found).toContain("/api/v1/alerts/silences");
  expect(matching(reference, "nowhere")).toEqual([]);
  for (const odd of [null, 3, "text", [], { paths: [] }, { paths: { "/a": { get: null } } }]) {
    expect(readDocument(odd).schemas).toEqual([]);
  }
});

test("types are told in words", () => {
  expect(typeOf({ type: ["string", "null"], format: "date-time" }).text).toBe("string or null (date-time)");
  expect(typeOf({ type: "array", items: { $ref: "#/components/schemas/Alert" } })).toEqual({ text: "list of Alert", schema: "Alert" });
  expect(typeOf({ oneOf: [{ type: "null" }, { $ref: "#/components/schemas/Alert" }] })).toEqual({ text: "null or Alert", schema: "Alert" });
  expect(typeOf(undefined).text).toBe("any");
});

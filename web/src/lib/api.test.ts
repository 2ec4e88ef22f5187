// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { ApiFailure, failureOf, unwrap } from "@/lib/api";

const refused = (body: unknown, status = 422) =>
  Promise.resolve({ error: body, response: new Response(null, { status, headers: { "x-request-id": "r-header" } }) });

describe("unwrap", () => {
  it("gives the body of a success", async () => {
    expect(await unwrap(Promise.resolve({ data: { data: 5 }, response: new Response(null, { status: 200 }) }))).toEqual({ data: 5 });
  });

  it("throws the server's own words with the request id", async () => {
    const body = { success: false, data: null, message: "range must be between 1m and 400d", error: { code: "invalid_range", request_id: "r-7f3a" } };
    await expect(unwrap(refused(body))).rejects.toMatchObject({ message: "range must be between 1m and 400d", status: 422, code: "invalid_range", requestId: "r-7f3a" });
  });

  it.each([["<html>bad gateway</html>"], [null], [undefined], [{ message: 5 }]])("survives a body that is no envelope: %s", async (body) => {
    await expect(unwrap(refused(body, 502))).rejects.toMatchObject({ message: "The server answered 502", requestId: "r-header" });
  });

  it("says so when there is no answer at all", async () => {
    await expect(unwrap(Promise.reject(new TypeError("Failed to fetch")))).rejects.toMatchObject({ message: "The server cannot be reached", status: 0 });
  });

  it("lets a request that was given up pass as such", async () => {
    await expect(unwrap(Promise.reject(new DOMException("given up", "AbortError")))).rejects.not.toBeInstanceOf(ApiFailure);
  });
});

describe("failureOf", () => {
  it("is null without an error", () => {
    expect(failureOf(null)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";

import { readRequest } from "@/features/model/components/rawRequest";

describe("readRequest", () => {
  it("reads an address without tidying it up", () => {
    expect(readRequest(" https://shop.example.com/a/../b?q=%27+or+1 ")).toEqual({ request: { method: "GET", host: "shop.example.com", path: "/a/../b?q=%27+or+1" } });
    expect(readRequest("http://shop.example.com?q=1")).toEqual({ request: { method: "GET", host: "shop.example.com", path: "/?q=1" } });
  });

  it("reads a path and a request line", () => {
    expect(readRequest("/a?b=1")).toEqual({ request: { method: "GET", path: "/a?b=1" } });
    expect(readRequest("post /a b HTTP/1.1")).toEqual({ request: { method: "POST", path: "/a b", headers: {} } });
  });

  it("reads headers, of one name several, and the body as it stands", () => {
    const read = readRequest("POST /x HTTP/1.1\r\nHost: a.example\r\nCookie: a=1\r\ncookie: b=2\r\n\r\n{\"a\":\n1}");
    expect(read).toEqual({ request: { method: "POST", path: "/x", headers: { host: "a.example", cookie: ["a=1", "b=2"] }, body: '{"a":\n1}' } });
  });

  it("takes names of an object's own members for headers like others", () => {
    expect(readRequest("GET / HTTP/1.1\nconstructor: x")).toEqual({ request: { method: "GET", path: "/", headers: { constructor: "x" } } });
  });

  it("says what is wrong", () => {
    for (const [text, problem] of [
      ["", /Paste/],
      ["shop.example.com", /begins with/],
      ["GET /a\nno header", /no header: no header/],
      ["https://a/b\nmore", /first line/],
      [`/${"a".repeat(500_001)}`, /500,000/],
    ] as const) {
      const read = readRequest(text);
      expect("problem" in read ? read.problem : "").toMatch(problem);
    }
  });
});

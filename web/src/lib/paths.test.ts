import { describe, expect, it } from "vitest";

import { api, csvAddress, liveAddress } from "@/lib/paths";

describe("the address of a file", () => {
  it("carries range and filters, and nothing that is not set", () => {
    expect(csvAddress(api.traffic, { range: "24h", q: "a&b", enforced: false, ip: undefined })).toBe("/api/v1/traffic?format=csv&range=24h&q=a%26b&enforced=false");
  });
});

describe("the address of the live socket", () => {
  it("follows the scheme of the page", () => {
    expect(liveAddress("http://127.0.0.1:3001")).toMatch(/^ws:\/\/127\.0\.0\.1:3001\/ws\?types=metrics%2C/);
    expect(liveAddress("https://waf.example.com")).toMatch(/^wss:\/\/waf\.example\.com\/ws\?/);
  });

  it("asks for what was missed", () => {
    const url = new URL(liveAddress("http://127.0.0.1:3001", { since: 17, epoch: "n1-5" }));
    expect(url.searchParams.get("since")).toBe("17");
    expect(url.searchParams.get("epoch")).toBe("n1-5");
  });
});

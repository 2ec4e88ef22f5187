// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { behind } from "@/features/activities/components/ActivityTable";

describe("the request behind a line of the feed", () => {
  it("is found by client and target", () => {
    expect(behind({ ip: "198.51.100.7", endpoint: "/cart?id=1" })).toEqual({ ip: "198.51.100.7", endpoint: "/cart?id=1" });
  });

  it.each(["/long…", "/files/*", ""])("is found by client alone where the target is no exact filter: %s", (endpoint) => {
    expect(behind({ ip: "198.51.100.7", endpoint })).toEqual({ ip: "198.51.100.7" });
  });
});

import { describe, expect, it } from "vitest";

import { stateOf } from "@/features/start/components/FirstLine";

const EMPTY = { state: "running", parsed: 0, failed: 0, lines: 0, last_error: null } as const;

describe("stateOf", () => {
  it("says what is the matter before the first request, the gravest first", () => {
    expect(stateOf(EMPTY)).toBe("is read, and waits for its first line.");
    expect(stateOf({ ...EMPTY, lines: 3, failed: 3 })).toContain("3 lines, none of which is a request");
    expect(stateOf({ ...EMPTY, lines: 2 })).toBe("has 2 lines and no request yet.");
    expect(stateOf({ ...EMPTY, lines: 1, parsed: 1 })).toContain("has its first request");
    expect(stateOf({ ...EMPTY, lines: 3, failed: 3, last_error: "permission denied" })).toBe("cannot be read: permission denied");
  });
});

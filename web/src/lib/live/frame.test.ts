import { describe, expect, it } from "vitest";

import { readFrame } from "@/lib/live/frame";

describe("readFrame", () => {
  it("reads a frame", () => {
    expect(readFrame('{"type":"pong","data":null,"timestamp":"2026-03-04T05:06:10Z","seq":4}')).toMatchObject({ type: "pong", seq: 4 });
  });

  it.each([["nonsense"], ["null"], ["[]"], ["{}"], ['{"type":5,"seq":1}'], ['{"type":"metrics"}'], ['{"type":"metrics","seq":"1"}'], [42], [undefined]])(
    "gives null for %s",
    (text) => {
      expect(readFrame(text)).toBeNull();
    },
  );

  it("does not read what is longer than any frame", () => {
    expect(readFrame(`{"type":"x","seq":1,"data":"${"a".repeat(4_000_000)}"}`)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";

import { markLevel, type Span, splitBySpans } from "@/lib/highlight";

const span = (start: number, end: number, weight = 0.5): Span => ({ start, end, weight });
const texts = (value: string, spans: Span[]) => splitBySpans(value, spans).map((piece) => (piece.span === null ? piece.text : `[${piece.text}]`));

describe("splitBySpans", () => {
  it.each([
    ["marks the middle of a value", "9%27%20or", [span(1, 4)], ["9", "[%27]", "%20or"]],
    ["marks a whole value", "abc", [span(0, 3)], ["[abc]"]],
    ["leaves a value without spans in one piece", "abc", [], ["abc"]],
    ["gives no piece for an empty value", "", [span(0, 4)], []],
    ["clamps a span that ends behind the value", "abc", [span(1, 99)], ["a", "[bc]"]],
    ["clamps a span that begins before it", "abc", [span(-5, 1)], ["[a]", "bc"]],
    ["ignores empty and reversed spans", "abc", [span(1, 1), span(2, 1)], ["abc"]],
    ["keeps neighbours apart", "abcd", [span(0, 2), span(2, 4)], ["[ab]", "[cd]"]],
  ])("%s", (_name, value, spans, expected) => {
    expect(texts(value, spans)).toEqual(expected);
  });

  it("gives overlapping text to the heavier span", () => {
    const light = span(0, 4, 0.1);
    const heavy = span(2, 6, 0.7);
    expect(splitBySpans("abcdef", [light, heavy])).toEqual([
      { text: "ab", span: light },
      { text: "cdef", span: heavy },
    ]);
  });

  it("counts in UTF-16 code units, as the server does", () => {
    // The emoji takes two units, so the quote stands at 2.
    expect(texts("😀' or", [span(2, 3)])).toEqual(["😀", "[']", " or"]);
  });

  it.each([
    [1, 3],
    [0, 1],
    [1, 2],
  ])("never cuts a surrogate pair in two: %i to %i", (start, end) => {
    for (const piece of splitBySpans("😀'", [span(start, end)])) {
      expect(piece.text.isWellFormed()).toBe(true);
    }
  });

  it("loses and invents no character, whatever the spans", () => {
    const value = "a😀b%27‮c😀";
    for (let start = -1; start <= value.length + 1; start += 1) {
      for (let end = -1; end <= value.length + 1; end += 1) {
        const joined = splitBySpans(value, [span(start, end), span(2, 5, 0.9), span(NaN, 3)])
          .map(({ text }) => text)
          .join("");
        expect(joined).toBe(value);
      }
    }
  });
});

describe("markLevel", () => {
  it.each([
    [-0.4, 0],
    [0, 0],
    [Number.NaN, 0],
    [0.05, 1],
    [0.2, 2],
    [0.4, 3],
    [1, 4],
  ])("puts weight %f on level %i", (weight, level) => {
    expect(markLevel(weight)).toBe(level);
  });
});

// Cuts a value into plain and marked pieces, by the spans that carried a verdict.

/** A half-open range in UTF-16 code units, as the server sends it; `weight` from −1 to 1. */
export interface Span {
  start: number;
  end: number;
  weight: number;
}

/** A piece of the value; `span` is the heaviest span that covers it. */
export interface Piece<S extends Span> {
  text: string;
  span: S | null;
}

/**
 * Splits `value` at the edges of `spans`. Spans beyond the value are clamped, empty ones ignored, and an edge that
 * falls inside a surrogate pair is moved outward, so that no piece holds half a character.
 */
export function splitBySpans<S extends Span>(value: string, spans: readonly S[]): Piece<S>[] {
  const clean = spans
    .map((span) => ({ span, start: snap(value, span.start, -1), end: snap(value, span.end, 1) }))
    .filter(({ start, end }) => start < end);
  const edges = new Set([0, value.length]);
  for (const { start, end } of clean) {
    edges.add(start);
    edges.add(end);
  }
  const cuts = [...edges].sort((a, b) => a - b);
  const pieces: Piece<S>[] = [];
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const from = cuts[index] ?? 0;
    const to = cuts[index + 1] ?? value.length;
    const cover = heaviest(clean.filter(({ start, end }) => start <= from && to <= end).map(({ span }) => span));
    const last = pieces.at(-1);
    if (last !== undefined && last.span === cover) last.text += value.slice(from, to);
    else pieces.push({ text: value.slice(from, to), span: cover });
  }
  return pieces;
}

/** Intensity of a mark, from 1 (faint) to 4 (strong); 0 for a span that speaks for benign. */
export function markLevel(weight: number): 0 | 1 | 2 | 3 | 4 {
  if (!(weight > 0)) return 0;
  if (weight < 0.1) return 1;
  if (weight < 0.25) return 2;
  if (weight < 0.5) return 3;
  return 4;
}

function heaviest<S extends Span>(spans: readonly S[]): S | null {
  return spans.reduce<S | null>((best, span) => (best === null || span.weight > best.weight ? span : best), null);
}

function snap(value: string, offset: number, direction: -1 | 1): number {
  if (!Number.isInteger(offset)) return direction === -1 ? 0 : value.length;
  const inside = Math.min(Math.max(offset, 0), value.length);
  return splitsPair(value, inside) ? inside + direction : inside;
}

function splitsPair(value: string, offset: number): boolean {
  const before = value.charCodeAt(offset - 1);
  const after = value.charCodeAt(offset);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

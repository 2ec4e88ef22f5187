// Rows of the table of measured quality: sets, or their classes of attack, in any order.

import type { MeasuredQuality } from "@/lib/wire";

export interface QualityRow {
  key: string;
  set: string;
  /** As the set names it; null on the row of a whole set. */
  class: string | null;
  attack: number;
  /** Share of the attacks that would be blocked, 0 to 1; null without attacks. */
  caught: number | null;
  benign: number;
  /** Share of ordinary requests that would be blocked, 0 to 1; null without them. */
  alarms: number | null;
}

export const QUALITY_VIEWS = ["sets", "classes"] as const;
export type QualityView = (typeof QUALITY_VIEWS)[number];

export const QUALITY_COLUMNS = ["set", "class", "attack", "caught", "benign", "alarms"] as const;
export interface QualitySort {
  by: (typeof QUALITY_COLUMNS)[number];
  descending: boolean;
}

/** One row for each set, or for each class of each set. */
export function qualityRows({ sets }: MeasuredQuality, view: QualityView): QualityRow[] {
  if (view === "sets") {
    return sets.map(({ set, attack, caught, benign, false_alarms: alarms }) => ({ key: set, set: setName(set), class: null, attack, caught: share(caught, attack), benign, alarms: share(alarms, benign) }));
  }
  return sets.flatMap(({ set, classes }) =>
    classes.map(({ class: name, attack, caught }) => ({ key: `${set} ${name}`, set: setName(set), class: name, attack, caught: share(caught, attack), benign: 0, alarms: null })),
  );
}

/** The rows in order; what has no figure stands last, whichever way. */
export function sortRows(rows: readonly QualityRow[], { by, descending }: QualitySort): QualityRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [a[by], b[by]];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    const order = typeof one === "string" || typeof other === "string" ? String(one).localeCompare(String(other)) : one - other;
    return order * sign;
  });
}

/** `payloads` of `suites/payloads.jsonl`. */
function setName(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.jsonl$/, "");
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

import { CLASS_NAMES, className } from "@/lib/vocabulary";
import type { ThreatsPoint } from "@/lib/wire";
import type { Series } from "@/ui/chart/series";

/** Classes with a colour of their own; the rest share the last. */
const COLOURED = 7;

/** One layer per class that occurs; the commonest have their own colour, the others are summed. */
export function classSeries(points: readonly ThreatsPoint[]): Series[] {
  const totals = new Map<string, number>();
  for (const { by_class } of points) {
    for (const [name, count] of Object.entries(by_class)) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const shown = ranked.slice(0, COLOURED).sort((a, b) => place(a) - place(b));
  const rest = ranked.slice(COLOURED);
  const series = shown.map((name, index): Series => ({
    key: name,
    label: className(name),
    colour: `--chart-${index + 1}`,
    values: points.map(({ by_class }) => by_class[name] ?? 0),
  }));
  if (rest.length === 0) return series;
  const others = points.map(({ by_class }) => rest.reduce((sum, name) => sum + (by_class[name] ?? 0), 0));
  return [...series, { key: rest.join(","), label: `${rest.length} other classes`, colour: "--chart-8", values: others }];
}

/** A class keeps its place while counts change; one that this page does not know comes last. */
function place(name: string): number {
  const index = CLASS_NAMES.indexOf(name);
  return index < 0 ? CLASS_NAMES.length : index;
}

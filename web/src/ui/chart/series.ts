// What a chart draws, and the arithmetic of stacking.

/** One line or one layer of bars. */
export interface Series {
  key: string;
  label: string;
  /** Custom property of the colour, such as `--chart-1`. */
  colour: string;
  /** One value for each time; null is a gap. */
  values: readonly (number | null)[];
  dash?: boolean;
}

/** Sums each layer onto those before it, so that bars may be drawn from the tallest to the lowest. */
export function stack(series: readonly Series[]): number[][] {
  const sums: number[][] = [];
  for (const [layer, { values }] of series.entries()) {
    const below = layer === 0 ? undefined : sums[layer - 1];
    sums.push(values.map((value, index) => (value ?? 0) + (below?.[index] ?? 0)));
  }
  return sums;
}

/** Whole seconds since 1970 of series points, as the chart wants them. */
export function seconds(instants: readonly string[]): number[] {
  return instants.map((instant) => Date.parse(instant) / 1000);
}

/** Places of values with a gap on either side: a line through one point is nothing to see. */
export function alone(values: ArrayLike<number | null | undefined>): number[] {
  const places: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] != null && values[at - 1] == null && values[at + 1] == null) places.push(at);
  }
  return places;
}

/** Whether there is anything to draw. */
export function hasValues(series: readonly Series[]): boolean {
  return series.some(({ values }) => values.some((value) => value !== null && value !== 0));
}

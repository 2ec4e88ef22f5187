/** Requests of one hour of the week, over the range. */
export interface HeatCell {
  count: number;
  /** Starts of the hours that fell into it, in seconds since 1970. */
  hours: number[];
}

/** Sums buckets of at most an hour by local weekday (Monday first) and hour; a cell without any hour is null. */
export function heatGrid(buckets: readonly { at: number; count: number }[]): (HeatCell | null)[][] {
  const grid: (HeatCell | null)[][] = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => null));
  for (const { at, count } of buckets) {
    const local = new Date(at * 1000);
    const row = grid[(local.getDay() + 6) % 7];
    if (row === undefined) continue;
    const hour = local.getHours();
    const cell = row[hour] ?? { count: 0, hours: [] };
    const start = at - local.getMinutes() * 60 - local.getSeconds();
    row[hour] = { count: cell.count + count, hours: cell.hours.includes(start) ? cell.hours : [...cell.hours, start] };
  }
  return grid;
}

/** Steps of the shade, 0 to 5: nothing at all, then fifths of the largest. */
export function heatStep(count: number, largest: number): number {
  return count === 0 || largest === 0 ? 0 : Math.max(1, Math.ceil((count / largest) * 5));
}

import uPlot from "uplot";

import { alone, type Series } from "@/ui/chart/series";

interface Handlers {
  onZoom: ((from: number, to: number) => void) | undefined;
  onPoint: ((index: number | null) => void) | undefined;
  format: (value: number) => string;
}

/** Stacked bars, lines, or lines that hold their value until the next point. */
export type ChartKind = "bars" | "lines" | "steps";

interface ChartShape {
  series: readonly Series[];
  kind: ChartKind;
  whole: boolean;
  top: number | undefined;
  utc: boolean;
  bucket: number;
  width: number;
  height: number;
  canZoom: boolean;
  handlers: { current: Handlers };
}

/** Labels of the time axis in 24 hours: uPlot's own are American. Columns: step, label, then the label at a new year, month, day … */
const AXIS_VALUES: uPlot.Axis.Values = [
  [31_536_000, "{YYYY}", null, null, null, null, null, null, 1],
  [2_419_200, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [86_400, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [3600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
];

/** Steps of an axis of counts. */
const WHOLE_STEPS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** Options of the drawing library for one chart. */
export function chartOptions({ series, kind, whole, top, utc, bucket, width, height, canZoom, handlers }: ChartShape): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.getPropertyValue("--font")}`;
  const layers = kind === "bars" ? [...series].reverse() : series;
  const paths = pathsOf(kind);
  const base = { stroke: token("--muted"), font, ticks: { show: false } };

  return {
    width,
    height,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    ...(utc ? { tzDate: (at: number) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC") } : {}),
    cursor: {
      y: false,
      points: { show: kind !== "bars", size: 6 },
      drag: { x: canZoom, y: false, setScale: false, dist: 6 },
      // A bar or step covers the time after its start, so the one to read is never ahead of the pointer.
      ...(kind !== "lines" ? { dataIdx: (chart: uPlot, _series: number, _closest: number, at: number) => lastAtOrBefore(chart.data[0], at) } : {}),
    },
    scales: {
      x: { time: true, range: (chart, min, max) => spanOf(chart.data[0], min, max, kind, bucket) },
      y: { range: (_chart, _min, max) => [0, top ?? (max > 0 ? max * 1.08 : 1)] },
    },
    axes: [
      { ...base, values: AXIS_VALUES, space: 64, size: 34, grid: { show: false } },
      {
        ...base,
        size: 60,
        space: 34,
        ...(whole ? { incrs: WHOLE_STEPS } : {}),
        grid: { stroke: token("--chart-grid"), width: 1 },
        values: (_chart, splits) => splits.map((value) => handlers.current.format(value)),
      },
    ],
    series: [
      {},
      ...layers.map(
        ({ label, colour, dash }): uPlot.Series => ({
          label,
          stroke: token(colour),
          width: kind === "bars" ? 0 : 1.5,
          points: kind === "lines" ? { show: true, size: 5, fill: token(colour), filter: (chart, at) => alone(chart.data[at] ?? []) } : { show: false },
          ...(kind === "bars" ? { fill: token(colour) } : {}),
          ...(dash === true ? { dash: [4, 3] } : {}),
          ...(paths === undefined ? {} : { paths }),
        }),
      ),
    ],
    hooks: {
      setCursor: [(chart) => handlers.current.onPoint?.(pointed(chart))],
      setSelect: [
        (chart) => {
          const { left, width: length } = chart.select;
          if (length < 6) return;
          chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          const from = Math.floor(chart.posToVal(left, "x") / bucket) * bucket;
          const to = Math.ceil(chart.posToVal(left + length, "x") / bucket) * bucket;
          handlers.current.onZoom?.(from, to);
        },
      ],
    },
  };
}

function pathsOf(kind: ChartKind): uPlot.Series.PathBuilder | undefined {
  if (kind === "bars") return uPlot.paths.bars?.({ size: [0.82, 40], align: 1 });
  return kind === "steps" ? uPlot.paths.stepped?.({ align: 1 }) : uPlot.paths.linear?.();
}

function pointed(chart: uPlot): number | null {
  const { left, idx } = chart.cursor;
  return left === undefined || left < 0 ? null : (idx ?? null);
}

/**
 * What the time axis shows of so many points from `min` to `max`. Of a single one the library makes up an end, years
 * ahead; the last bar needs room of its own.
 */
export function spanOf(times: ArrayLike<number>, min: number, max: number, kind: ChartKind, bucket: number): [number, number] {
  const last = times.length === 1 ? min : max;
  return [min, kind === "bars" ? last + bucket : Math.max(last, min + bucket)];
}

function lastAtOrBefore(times: ArrayLike<number>, at: number): number {
  let index = 0;
  while (index + 1 < times.length && (times[index + 1] ?? Infinity) <= at) index += 1;
  return index;
}

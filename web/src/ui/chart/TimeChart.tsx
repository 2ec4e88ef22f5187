import "uplot/dist/uPlot.min.css";
import "./chart.css";

import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";

import { type ChartKind, chartOptions } from "@/ui/chart/options";
import { type Series, stack } from "@/ui/chart/series";
import { useThemeVersion } from "@/ui/useThemeVersion";

export interface TimeChartProps {
  /** What is drawn, for those who cannot see it; the table holds the figures. */
  label: string;
  /** Starts of the buckets in seconds since 1970. */
  times: readonly number[];
  /** Width of a bucket in seconds. */
  bucket: number;
  series: readonly Series[];
  kind: ChartKind;
  height?: number;
  /** Text of a value on the axis and beside the name. */
  format: (value: number) => string;
  /** Values are counts: the axis has no fractions. */
  whole?: boolean;
  /** Highest value of the axis; without it the axis follows the figures. */
  top?: number;
  /** Buckets are days in UTC, and labelled so. */
  utc?: boolean;
  /** Chosen span in seconds since 1970, when a stretch was dragged over. */
  onZoom?: ((from: number, to: number) => void) | undefined;
  /** Called with the index under the pointer, or null. */
  onPoint?: ((index: number | null) => void) | undefined;
}

/** A time series on a canvas: stacked bars or lines, with a crosshair and a zoom by dragging. */
export function TimeChart({ label, times, bucket, series, kind, height = 190, format, whole = false, top, utc = false, onZoom, onPoint }: TimeChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [width, setWidth] = useState(0);
  const theme = useThemeVersion();
  const handlers = useRef({ onZoom, onPoint, format });
  useEffect(() => {
    handlers.current = { onZoom, onPoint, format };
  });

  // What needs a new canvas; the figures alone are handed to the one that stands.
  const shape = [kind, utc, bucket, onZoom === undefined, theme, ...series.map(({ key, colour, label: name }) => `${key}:${colour}:${name}`)].join("|");

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const ready = width > 0;
  useEffect(() => {
    const element = holder.current;
    if (element === null || !ready) return;
    const chart = new uPlot(
      chartOptions({ series, kind, whole, top, utc, bucket, height, width: element.clientWidth, canZoom: handlers.current.onZoom !== undefined, handlers }),
      chartData(times, series, kind),
      element,
    );
    plot.current = chart;
    return () => {
      plot.current = null;
      chart.destroy();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- figures and size are handed over below
  }, [shape, ready, height]);

  useEffect(() => {
    plot.current?.setData(chartData(times, series, kind));
  }, [times, series, kind]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);

  return <div ref={holder} className={`chart chart-h${height}`} role="img" aria-label={label} />;
}

/** Stacked layers are drawn from the tallest sum to the lowest, each over the one before. */
function chartData(times: readonly number[], series: readonly Series[], kind: ChartKind): uPlot.AlignedData {
  const columns = kind === "bars" ? stack(series).reverse() : series.map(({ values }) => [...values]);
  return [[...times], ...columns];
}

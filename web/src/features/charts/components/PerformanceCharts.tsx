import { useMemo } from "react";

import { usePerformanceChart } from "@/features/charts/api/usePerformanceChart";
import { usePerformanceNow } from "@/features/charts/api/usePerformanceNow";
import { bucketTime, coverage, zoomRange } from "@/lib/bucket";
import { failureOf } from "@/lib/api";
import { decimal, milliseconds } from "@/lib/format";
import { rangeText } from "@/lib/range";
import { useSearchState } from "@/lib/useSearchState";
import type { PerformancePoint } from "@/lib/wire";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import { seconds, type Series } from "@/ui/chart/series";

/** Response times by percentile, and the load of the machine. */
export function PerformanceCharts() {
  const { search, window, chooseRange } = useSearchState();
  const chart = usePerformanceChart(window);
  const now = usePerformanceNow().data;
  const points = chart.data?.data;
  const bucket = chart.data?.window.bucket_s;
  const times = useMemo(() => seconds(points?.map(({ time }) => time) ?? []), [points]);
  const latency = useMemo(() => latencySeries(points ?? []), [points]);
  const load = useMemo(() => loadSeries(points ?? []), [points]);
  const shared = {
    kind: "lines" as const,
    height: 150 as const,
    times,
    bucket: bucket ?? 60,
    timeText: bucketTime,
    loading: chart.isPending,
    failure: points === undefined ? failureOf(chart.error) : null,
    onRetry: () => void chart.refetch(),
    onZoom: (from: number, to: number) => chooseRange(zoomRange(from, to)),
  };
  const note = coverage(bucket, rangeText(search));

  return (
    <>
      <ChartPanel
        {...shared}
        title="Response time"
        note={`ms · ${note}`}
        label={`Response time percentiles in milliseconds, ${rangeText(search)}`}
        series={latency}
        format={milliseconds}
        emptyText="The log names no response times in this range"
      />
      <ChartPanel
        {...shared}
        title="Load"
        note={`% of this machine · ${note}`}
        label={`Processor and memory in use in percent, ${rangeText(search)}`}
        series={load}
        format={(value) => `${decimal(value, 1)} %`}
        {...(now === undefined ? {} : { current: ({ key }: Series) => `${decimal(key === "cpu" ? now.cpu : now.memory, 1)} %` })}
        emptyText="Not measured in this range"
      />
    </>
  );
}

function latencySeries(points: readonly PerformancePoint[]): Series[] {
  return [
    { key: "p50", label: "p50", colour: "--chart-5", values: points.map((point) => point.latency_p50 ?? null) },
    { key: "p95", label: "p95", colour: "--chart-1", values: points.map((point) => point.latency_p95 ?? null) },
    { key: "p99", label: "p99", colour: "--chart-2", dash: true, values: points.map((point) => point.latency_p99 ?? null) },
  ];
}

function loadSeries(points: readonly PerformancePoint[]): Series[] {
  // Memory in use is never 0 on a running machine: such a bucket was not measured, and is a gap (API.md chapter 9).
  const measured = (point: PerformancePoint, value: number) => (point.memory === 0 ? null : value);
  return [
    { key: "cpu", label: "CPU", colour: "--chart-1", values: points.map((point) => measured(point, point.cpu)) },
    { key: "memory", label: "Memory", colour: "--chart-4", dash: true, values: points.map((point) => measured(point, point.memory)) },
  ];
}

import { useMemo } from "react";

import { usePerformanceChart } from "@/features/charts/api/usePerformanceChart";
import { usePerformanceNow } from "@/features/charts/api/usePerformanceNow";
import { useJudgingChart } from "@/features/charts/api/useJudgingChart";
import { failureOf } from "@/lib/api";
import { bucketTime, coverage, zoomRange } from "@/lib/bucket";
import { decimal, microseconds } from "@/lib/format";
import { rangeText } from "@/lib/range";
import { useSearchState } from "@/lib/useSearchState";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import { seconds, type Series } from "@/ui/chart/series";

/** Requests per second, the time that judging takes, and how far behind the log it is. */
export function ThroughputCharts() {
  const { search, window, chooseRange } = useSearchState();
  const load = usePerformanceChart(window);
  const judging = useJudgingChart(window);
  const now = usePerformanceNow().data;
  const loadPoints = load.data?.data;
  const points = judging.data?.data;
  const loadTimes = useMemo(() => seconds(loadPoints?.map(({ time }) => time) ?? []), [loadPoints]);
  const times = useMemo(() => seconds(points?.map(({ time }) => time) ?? []), [points]);
  const rate = useMemo<Series[]>(
    () => [{ key: "rate", label: "Requests per second", colour: "--chart-3", values: loadPoints?.map((point) => point.requests_per_second) ?? [] }],
    [loadPoints],
  );
  // A time of 0 says that nothing was judged then (API.md 4.1): a gap.
  const judged = useMemo<Series[]>(
    () => [
      { key: "mean", label: "Mean", colour: "--chart-5", values: points?.map((point) => (point.judge_mean_us || null)) ?? [] },
      { key: "p99", label: "p99", colour: "--chart-2", dash: true, values: points?.map((point) => (point.judge_p99_us || null)) ?? [] },
    ],
    [points],
  );
  const lag = useMemo<Series[]>(() => [{ key: "lag", label: "Ingest lag", colour: "--chart-4", values: points?.map((point) => point.ingest_lag_s ?? null) ?? [] }], [points]);

  const shared = {
    kind: "lines" as const,
    height: 150 as const,
    timeText: bucketTime,
    onZoom: (from: number, to: number) => chooseRange(zoomRange(from, to)),
  };
  const fromJudging = {
    times,
    bucket: judging.data?.window.bucket_s ?? 60,
    loading: judging.isPending,
    failure: points === undefined ? failureOf(judging.error) : null,
    onRetry: () => void judging.refetch(),
  };
  const range = rangeText(search);
  const per = (bucket: number | null | undefined) => coverage(bucket, range);

  return (
    <>
      <ChartPanel
        {...shared}
        title="Throughput"
        note={`requests per second · ${per(load.data?.window.bucket_s)}`}
        label={`Requests per second, ${range}`}
        times={loadTimes}
        bucket={load.data?.window.bucket_s ?? 60}
        loading={load.isPending}
        failure={loadPoints === undefined ? failureOf(load.error) : null}
        onRetry={() => void load.refetch()}
        series={rate}
        format={(value) => decimal(value, 2)}
        {...(now === undefined ? {} : { current: () => decimal(now.requests_per_second, 2) })}
        emptyText="No requests in this range"
      />
      <ChartPanel {...shared} {...fromJudging} title="Time of judging" note={`one request · ${per(judging.data?.window.bucket_s)}`} label={`Time of judging one request in microseconds, ${range}`} series={judged} format={microseconds} emptyText="Nothing was judged in this range" />
      <ChartPanel {...shared} {...fromJudging} title="Ingest lag" note={`s, age of the newest line when judged · ${per(judging.data?.window.bucket_s)}`} label={`Age of the newest log line in seconds when it was judged, ${range}`} series={lag} format={(value) => `${decimal(value, 1)} s`} emptyText="No lag was measured in this range" />
    </>
  );
}

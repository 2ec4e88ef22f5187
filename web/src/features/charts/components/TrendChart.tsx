import "./analytics.css";

import { useMemo } from "react";

import { useTrend } from "@/features/charts/api/useTrend";
import { METRICS } from "@/features/charts/components/trendMetrics";
import { failureOf } from "@/lib/api";
import { bucketTime, coverage, zoomRange } from "@/lib/bucket";
import { csvText, saveText } from "@/lib/csv";
import { rangeText } from "@/lib/range";
import { TREND_METRICS } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Button } from "@/ui/Button";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import { seconds, type Series } from "@/ui/chart/series";
import { Segments } from "@/ui/Segments";

/** One metric over time, beside the same span before it. */
export function TrendChart() {
  const { search, window, change, chooseRange } = useSearchState();
  const metric = search.metric ?? "requests";
  const { text, unit, whole, format } = METRICS[metric];
  const comparing = search.compare === "previous";
  const trend = useTrend(metric, window);
  const span = trend.data?.window;
  const before = useTrend(metric, comparing && span !== undefined ? periodBefore(span) : undefined);
  const points = trend.data?.data;
  const old = comparing ? before.data?.data : undefined;
  const bucket = span?.bucket_s ?? 60;

  const times = useMemo(() => seconds(points?.map(({ time }) => time) ?? []), [points]);
  const series = useMemo<Series[]>(() => {
    // A bucket without observations is a gap, but a count of nothing is 0 (API.md chapter 9).
    const value = (point: { value: number; samples: number }) => (point.samples === 0 && !whole ? null : point.value);
    const now: Series = { key: "now", label: text, colour: "--chart-1", values: points?.map(value) ?? [] };
    if (old === undefined) return [now];
    const shifted = times.map((_, index) => old[index]).map((point) => (point === undefined ? null : value(point)));
    return [now, { key: "before", label: "Period before", colour: "--chart-2", dash: true, values: shifted }];
  }, [points, old, times, text, whole]);

  const save = () => {
    const head = ["time", metric, ...(old === undefined ? [] : [`${metric}_before`])];
    const rows = (points ?? []).map(({ time }, index) => [time, ...series.map(({ values }) => values[index] ?? null)]);
    saveText(`trend-${metric}.csv`, csvText(head, rows));
  };

  return (
    <div className="trend">
      <div className="trend-tools">
        <Segments label="Metric" values={TREND_METRICS} chosen={metric} text={(each) => METRICS[each].text} onChoose={(each) => change({ ...search, metric: each })} />
        <Button aria-pressed={comparing} onClick={() => change({ ...search, compare: comparing ? undefined : "previous" })}>
          Compare with the period before
        </Button>
        <Button icon="file" disabled={points === undefined} onClick={save}>
          CSV
        </Button>
      </div>
      <ChartPanel
        title={text}
        note={`${unit} · ${coverage(span?.bucket_s, rangeText(search))}`}
        label={`${text} over time, ${rangeText(search)}${comparing ? ", with the period before" : ""}`}
        kind="lines"
        whole={whole}
        times={times}
        bucket={bucket}
        series={series}
        format={format}
        timeText={bucketTime}
        loading={trend.isPending}
        failure={failureOf((points === undefined ? trend.error : null) ?? (comparing ? before.error : null))}
        onRetry={() => void Promise.all([trend.refetch(), ...(comparing ? [before.refetch()] : [])])}
        emptyText="Nothing was measured in this range"
        onZoom={(from, to) => chooseRange(zoomRange(from, to))}
      />
    </div>
  );
}

/** The span of the same length that ends where this one begins: its buckets have the same width. */
function periodBefore({ from, to }: { from: string; to: string }): { from: string; to: string } {
  const start = Date.parse(from) - (Date.parse(to) - Date.parse(from));
  return { from: new Date(start).toISOString().replace(".000Z", "Z"), to: from };
}

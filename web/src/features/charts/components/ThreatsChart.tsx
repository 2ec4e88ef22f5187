import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { useThreatsChart } from "@/features/charts/api/useThreatsChart";
import { bucketTime, coverage, zoomRange } from "@/lib/bucket";
import { classSeries } from "@/features/charts/components/classSeries";
import { failureOf } from "@/lib/api";
import { compact } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import { seconds } from "@/ui/chart/series";

/** Threats over time, stacked by class. */
export function ThreatsChart() {
  const { search, window, chooseRange } = useSearchState();
  const chart = useThreatsChart(window);
  const points = chart.data?.data;
  const bucket = chart.data?.window.bucket_s;
  const times = useMemo(() => seconds(points?.map(({ time }) => time) ?? []), [points]);
  const series = useMemo(() => classSeries(points ?? []), [points]);

  return (
    <ChartPanel
      title="Threats by class"
      note={coverage(bucket, rangeText(search))}
      label={`Threats over time by class, ${rangeText(search)}`}
      kind="bars"
      whole
      times={times}
      bucket={bucket ?? 60}
      series={series}
      format={compact}
      timeText={bucketTime}
      loading={chart.isPending}
      failure={points === undefined ? failureOf(chart.error) : null}
      onRetry={() => void chart.refetch()}
      emptyText="No threats in this range"
      onZoom={(from, to) => chooseRange(zoomRange(from, to))}
      legendLink={({ key }, content) => (
        <Link className="legend-item" to={pages.threats} search={rowsBehind(search, { class: key })}>
          {content}
        </Link>
      )}
    />
  );
}

import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { useRequestsChart } from "@/features/charts/api/useRequestsChart";
import { bucketTime, coverage, zoomRange } from "@/lib/bucket";
import { failureOf } from "@/lib/api";
import { compact } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import { seconds, type Series } from "@/ui/chart/series";

/** Requests over time, stacked by what became of them. */
export function RequestsChart() {
  const { search, window, chooseRange } = useSearchState();
  const chart = useRequestsChart(window);
  const points = chart.data?.data;
  const bucket = chart.data?.window.bucket_s;
  const times = useMemo(() => seconds(points?.map(({ time }) => time) ?? []), [points]);
  const series = useMemo<Series[]>(() => {
    const enforced = points?.some((point) => point.enforced > 0) === true;
    const layers: Series[] = [
      // `allowed` counts flagged requests too (API.md 4.7): the layers must not count them twice.
      { key: "allow", label: "Allowed", colour: "--chart-allowed", values: points?.map((point) => point.allowed - point.flagged) ?? [] },
      { key: "flag", label: "Flagged", colour: "--chart-flagged", values: points?.map((point) => point.flagged) ?? [] },
      { key: "block", label: enforced ? "Blocked or would be" : "Would be blocked", colour: "--chart-blocked", values: points?.map((point) => point.blocked) ?? [] },
    ];
    return layers;
  }, [points]);

  return (
    <ChartPanel
      title="Requests"
      note={coverage(bucket, rangeText(search))}
      label={`Requests over time, ${rangeText(search)}, stacked: allowed, flagged, would be blocked`}
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
      emptyText="No requests in this range"
      onZoom={(from, to) => chooseRange(zoomRange(from, to))}
      legendLink={({ key }, content) => (
        <Link className="legend-item" to={pages.traffic} search={rowsBehind(search, { action: key })}>
          {content}
        </Link>
      )}
    />
  );
}

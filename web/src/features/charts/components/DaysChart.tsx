import { useMemo } from "react";

import { useDaysChart } from "@/features/charts/api/useDaysChart";
import { failureOf } from "@/lib/api";
import { compact } from "@/lib/format";
import { useSearchState } from "@/lib/useSearchState";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import { seconds, type Series } from "@/ui/chart/series";

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Requests of each day, thirty days back from the end of the range. */
export function DaysChart() {
  const { search, chooseRange } = useSearchState();
  const chart = useDaysChart(search.to);
  const points = chart.data?.data;
  const times = useMemo(() => seconds(points?.map(({ time }) => time) ?? []), [points]);
  const series = useMemo<Series[]>(
    () => [
      { key: "requests", label: "Allowed", colour: "--chart-allowed", values: points?.map((point) => point.requests - point.blocked) ?? [] },
      { key: "blocked", label: "Would be or were blocked", colour: "--chart-blocked", values: points?.map((point) => point.blocked) ?? [] },
    ],
    [points],
  );

  return (
    <ChartPanel
      title="Requests per day"
      note="30 days · days in UTC"
      label="Requests per day over 30 days, days in UTC"
      kind="bars"
      whole
      height={150}
      utc
      times={times}
      bucket={chart.data?.window.bucket_s ?? 86_400}
      series={series}
      format={compact}
      timeText={(at) => dayFormat.format(new Date(at * 1000))}
      loading={chart.isPending}
      failure={points === undefined ? failureOf(chart.error) : null}
      onRetry={() => void chart.refetch()}
      emptyText="No requests in these 30 days"
      onZoom={(from, to) => chooseRange({ from: new Date(from * 1000).toISOString().replace(".000Z", "Z"), to: new Date(to * 1000).toISOString().replace(".000Z", "Z") })}
    />
  );
}

import { useMemo } from "react";

import { useCheckHistory } from "@/features/security/api/useCheckHistory";
import { useChecks } from "@/features/security/api/useChecks";
import { courseWithin, scoreCourse } from "@/features/security/components/scoreCourse";
import { failureOf } from "@/lib/api";
import { bucketTime, zoomRange } from "@/lib/bucket";
import { decimal } from "@/lib/format";
import { rangeSpan, rangeText } from "@/lib/range";
import { useSearchState } from "@/lib/useSearchState";
import { ChartPanel } from "@/ui/chart/ChartPanel";
import type { Series } from "@/ui/chart/series";

/** The score over the range, from the changes of the checks' statuses. */
export function ScoreChart() {
  const { search, window, chooseRange } = useSearchState();
  const checks = useChecks();
  const history = useCheckHistory();
  const now = Math.max(checks.dataUpdatedAt, history.dataUpdatedAt);
  const points = useMemo(() => {
    if (checks.data === undefined || history.data === undefined) return [];
    const { from, to } = rangeSpan(window, now);
    return courseWithin(scoreCourse(checks.data, history.data, now), from, to);
  }, [checks.data, history.data, window, now]);
  const times = useMemo(() => points.map(({ at }) => at), [points]);
  const series = useMemo<Series[]>(() => [{ key: "score", label: "Score", colour: "--chart-1", values: points.map(({ score }) => score) }], [points]);
  const loading = checks.data === undefined || history.data === undefined;

  return (
    <ChartPanel
      title="Score over time"
      note={`0 to 100 · ${rangeText(search)}`}
      label={`Score of the security checks, ${rangeText(search)}`}
      kind="steps"
      height={150}
      top={105}
      times={times}
      bucket={60}
      series={series}
      format={(value) => decimal(value, 1)}
      timeText={bucketTime}
      loading={loading}
      failure={loading ? failureOf(checks.error ?? history.error) : null}
      onRetry={() => void Promise.all([checks.refetch(), history.refetch()])}
      emptyText="The checks were not yet run in this range"
      onZoom={(from, to) => chooseRange(zoomRange(from, to))}
    />
  );
}

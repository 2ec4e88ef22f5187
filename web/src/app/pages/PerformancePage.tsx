import "./pages.css";

import { PerformanceCharts } from "@/features/charts/components/PerformanceCharts";
import { ThroughputCharts } from "@/features/charts/components/ThroughputCharts";
import { Pipeline } from "@/features/pipeline/components/Pipeline";
import { useSources } from "@/features/sources/api/useSources";
import { useMetrics } from "@/features/summary/api/useMetrics";
import { TaskTable } from "@/features/tasks/components/TaskTable";
import { failureOf } from "@/lib/api";

/** How fast the site answers, how fast it is judged, and what that costs. */
export function PerformancePage() {
  const sources = useSources();
  const metrics = useMetrics();
  const failure = failureOf((sources.data === undefined ? sources.error : null) ?? (metrics.data === undefined ? metrics.error : null));
  return (
    <div className="page">
      <Pipeline sources={sources.data} metrics={metrics.data} failure={failure} onRetry={() => void Promise.all([sources.refetch(), metrics.refetch()])} />
      <div className="grid">
        <PerformanceCharts />
        <ThroughputCharts />
      </div>
      <TaskTable />
    </div>
  );
}

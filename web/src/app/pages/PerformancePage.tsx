import "./pages.css";

import { PerformanceCharts } from "@/features/charts/components/PerformanceCharts";
import { ThroughputCharts } from "@/features/charts/components/ThroughputCharts";
import { Pipeline } from "@/features/pipeline/components/Pipeline";
import { useSources } from "@/features/sources/api/useSources";
import { useMetrics } from "@/features/summary/api/useMetrics";
import { TaskTable } from "@/features/tasks/components/TaskTable";

/** How fast the site answers, how fast it is judged, and what that costs. */
export function PerformancePage() {
  const sources = useSources();
  const metrics = useMetrics();
  return (
    <div className="page">
      <Pipeline sources={sources.data} metrics={metrics.data} />
      <div className="grid">
        <PerformanceCharts />
        <ThroughputCharts />
      </div>
      <TaskTable />
    </div>
  );
}

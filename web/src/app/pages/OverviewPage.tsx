import "./pages.css";

import { ActivityFeed } from "@/features/activities/components/ActivityFeed";
import { AlertList } from "@/features/alerts/components/AlertList";
import { DaysChart } from "@/features/charts/components/DaysChart";
import { PerformanceCharts } from "@/features/charts/components/PerformanceCharts";
import { RequestsChart } from "@/features/charts/components/RequestsChart";
import { ThreatsChart } from "@/features/charts/components/ThreatsChart";
import { useMe } from "@/features/auth/api/useMe";
import { useSources } from "@/features/sources/api/useSources";
import { AddSource } from "@/features/sources/components/AddSource";
import { SourceStrip } from "@/features/sources/components/SourceStrip";
import { FirstRun } from "@/features/start/components/FirstRun";
import { SummaryTiles } from "@/features/summary/components/SummaryTiles";
import { useSummary } from "@/features/summary/api/useSummary";
import { useSystemInfo } from "@/features/system/api/useSystemInfo";
import { DataBanner } from "@/features/system/components/DataBanner";
import { TopTable } from "@/features/top/components/TopTable";
import { useSearchState } from "@/lib/useSearchState";

/** What is going on, on one page. */
export function OverviewPage() {
  const { window } = useSearchState();
  const summary = useSummary(window);
  const { data: info } = useSystemInfo();
  const { data: sources } = useSources();
  const { data: me } = useMe();
  // Nothing was ever kept: figures of nothing help nobody.
  if (info !== undefined && info.data_from === null) {
    const mayAdd = info.features.includes("sources") && me !== undefined && me.scopes.includes("admin");
    return (
      <div className="page">
        <FirstRun sources={sources}>{mayAdd ? <AddSource /> : undefined}</FirstRun>
      </div>
    );
  }
  return (
    <div className="page">
      <DataBanner empty={summary.data?.data.total_requests === 0} />
      <SummaryTiles />
      <SourceStrip />
      <div className="grid">
        <RequestsChart />
        <ThreatsChart />
        <AlertList />
        <ActivityFeed />
        <TopTable dimension="status" />
        <DaysChart />
        <PerformanceCharts />
      </div>
    </div>
  );
}

import "./pages.css";

import { csvAddress, api } from "@/lib/paths";
import { HeatMap } from "@/features/charts/components/HeatMap";
import { ThreatsChart } from "@/features/charts/components/ThreatsChart";
import { TrendChart } from "@/features/charts/components/TrendChart";
import { useSummary } from "@/features/summary/api/useSummary";
import { DataBanner } from "@/features/system/components/DataBanner";
import { TopTable } from "@/features/top/components/TopTable";
import { RANKED_BY } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Icon } from "@/ui/Icon";
import { Segments } from "@/ui/Segments";

const RANKED_TEXT = { requests: "Requests", blocked: "Blocked or would be", threats: "Threats" };

/** How figures go over time, when they come, and what they are made of. */
export function AnalyticsPage() {
  const { search, window, change } = useSearchState();
  const summary = useSummary(window);
  const by = search.by ?? "requests";
  return (
    <div className="page">
      <DataBanner empty={summary.data?.data.total_requests === 0} />
      <TrendChart />
      <div className="list-head">
        <Segments label="Count by" values={RANKED_BY} chosen={by} text={(each) => RANKED_TEXT[each]} onChoose={(each) => change({ ...search, by: each })} />
        <div className="list-tools">
          <a className="button button-plain" href={csvAddress(api.overviewSeries, { ...window })} download title="Requests and threats of the range, per bucket">
            <Icon name="file" />
            Requests and threats as CSV
          </a>
        </div>
      </div>
      <HeatMap />
      <div className="grid">
        <ThreatsChart />
        <TopTable dimension="class" by={by === "requests" ? "threats" : by} limit={20} />
        <TopTable dimension="path" by={by} limit={10} />
        <TopTable dimension="ip" by={by} limit={10} />
        <TopTable dimension="user_agent" by={by} limit={10} />
        <TopTable dimension="host" by={by} limit={10} />
        <TopTable dimension="status" by={by} limit={10} />
        <TopTable dimension="method" by={by} limit={10} />
      </div>
    </div>
  );
}

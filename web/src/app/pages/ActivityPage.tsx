import "./pages.css";

import { ExportLink } from "@/app/pages/ExportLink";
import { PagerBar } from "@/app/pages/PagerBar";
import { usePager } from "@/app/pages/usePager";
import { useActivityList } from "@/features/activities/api/useActivityList";
import { ActivityTable } from "@/features/activities/components/ActivityTable";
import { FilterBar } from "@/features/filters/components/FilterBar";
import { failureOf } from "@/lib/api";
import { api } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { ACTIVITY_FILTERS, filtersOf, turnedOver } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Empty, Failed, Skeleton } from "@/ui/Notice";

/** The feed of the range: every request that was not simply allowed, and a sample of the rest. */
export function ActivityPage() {
  const { search, window, include, change } = useSearchState();
  const pager = usePager();
  const filters = filtersOf(search, ACTIVITY_FILTERS);
  const list = useActivityList({ window, filters, cursor: pager.cursor, order: search.order });
  const rows = list.data?.data;
  const failure = failureOf(list.error);

  const body = () => {
    if (failure !== null && (rows === undefined || list.isPlaceholderData)) return <Failed failure={failure} onRetry={() => void list.refetch()} />;
    if (rows === undefined) return <div className="list-loading"><Skeleton rows={14} label="Loading activity" /></div>;
    if (rows.length === 0) {
      return Object.keys(filters).length === 0 ? (
        <Empty title={`Nothing happened, ${rangeText(search)}`}>Lines appear here as requests are read. Choose a longer range to look further back.</Empty>
      ) : (
        <Empty title="No activity matches these filters">Take a filter away, or choose a longer range.</Empty>
      );
    }
    return (
      <div className={list.isPlaceholderData ? "list-old" : ""}>
        <ActivityTable rows={rows} search={search} onInclude={include} onOrder={() => change(turnedOver(search))} />
      </div>
    );
  };

  return (
    <div className="page">
      <div className="list-head">
        <FilterBar keys={ACTIVITY_FILTERS} />
        <div className="list-tools">
          <span className="muted">all threats, at most one allowed request per second</span>
          <ExportLink path={api.activities} filters={filters} />
        </div>
      </div>
      <div className="list">{body()}</div>
      {rows !== undefined && rows.length > 0 && <PagerBar pager={pager} next={list.data?.page.next} rows={rows.length} noun="lines" order={search.order} />}
    </div>
  );
}

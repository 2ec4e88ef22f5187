import "./pages.css";

import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { ExportLink } from "@/app/pages/ExportLink";
import { PagerBar } from "@/app/pages/PagerBar";
import { usePager } from "@/app/pages/usePager";
import { useActivityList } from "@/features/activities/api/useActivityList";
import { useSystemEvents } from "@/features/activities/api/useSystemEvents";
import { ActivityTable } from "@/features/activities/components/ActivityTable";
import { SystemEventTable } from "@/features/activities/components/SystemEventTable";
import { FilterBar } from "@/features/filters/components/FilterBar";
import { failureOf } from "@/lib/api";
import { api, pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { ACTIVITY_FILTERS, filtersOf, turnedOver, withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Segments } from "@/ui/Segments";

const FEED_NAMES = { requests: "Requests", system: "System" } as const;

/** What happened in the range: to requests, or beside them. */
export function ActivityPage() {
  const { search } = useSearchState();
  const navigate = useNavigate();
  const feeds = (
    <Segments
      label="Feed"
      values={["requests", "system"] as const}
      chosen={search.feed ?? "requests"}
      text={(feed) => FEED_NAMES[feed]}
      onChoose={(feed) => void navigate({ to: pages.activity, search: { ...withoutFilters(search), feed: feed === "system" ? feed : undefined } })}
    />
  );
  return <div className="page">{search.feed === "system" ? <SystemEvents feeds={feeds} /> : <Requests feeds={feeds} />}</div>;
}

/** Every request that was not simply allowed, and a sample of the rest. */
function Requests({ feeds }: { feeds: ReactNode }) {
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
    <>
      <div className="list-head">
        {feeds}
        <FilterBar keys={ACTIVITY_FILTERS} />
        <div className="list-tools">
          <span className="muted">all threats, at most one allowed request per second</span>
          <ExportLink path={api.activities} filters={filters} />
        </div>
      </div>
      <div className="list">{body()}</div>
      {rows !== undefined && rows.length > 0 && <PagerBar pager={pager} next={list.data?.page.next} rows={rows.length} noun="line" order={search.order} />}
    </>
  );
}

/** Alerts raised and handled, settings changed, models replaced, sources added, people signed in and out. */
function SystemEvents({ feeds }: { feeds: ReactNode }) {
  const { search, window, change } = useSearchState();
  const pager = usePager();
  const list = useSystemEvents({ window, cursor: pager.cursor, order: search.order });
  const rows = list.data?.data;
  const failure = failureOf(list.error);

  const body = () => {
    if (failure !== null && (rows === undefined || list.isPlaceholderData)) return <Failed failure={failure} onRetry={() => void list.refetch()} />;
    if (rows === undefined) return <div className="list-loading"><Skeleton rows={14} label="Loading system events" /></div>;
    if (rows.length === 0) return <Empty title={`Nothing happened beside the requests, ${rangeText(search)}`}>Alerts, changed settings, replaced models, new log sources and logins appear here. Choose a longer range to look further back.</Empty>;
    return (
      <div className={list.isPlaceholderData ? "list-old" : ""}>
        <SystemEventTable rows={rows} search={search} onOrder={() => change(turnedOver(search))} />
      </div>
    );
  };

  return (
    <>
      <div className="list-head">
        {feeds}
        <div className="list-tools">
          <span className="muted">alerts, settings, models, sources and logins</span>
          <ExportLink path={api.systemEvents} filters={{}} />
        </div>
      </div>
      <div className="list">{body()}</div>
      {rows !== undefined && rows.length > 0 && <PagerBar pager={pager} next={list.data?.page.next} rows={rows.length} noun="event" order={search.order} />}
    </>
  );
}

import "./pages.css";

import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";

import { ExportLink } from "@/app/pages/ExportLink";
import { PagerBar } from "@/app/pages/PagerBar";
import { usePager } from "@/app/pages/usePager";
import { ColumnChooser } from "@/features/columns/components/ColumnChooser";
import { FilterBar } from "@/features/filters/components/FilterBar";
import { DataBanner } from "@/features/system/components/DataBanner";
import { useTrafficList } from "@/features/traffic/api/useTrafficList";
import { TRAFFIC_COLUMNS, TrafficTable } from "@/features/traffic/components/TrafficTable";
import { useLiveTail } from "@/features/traffic/components/useLiveTail";
import { ViewMenu } from "@/features/views/components/ViewMenu";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { api, pages } from "@/lib/paths";
import { endsNow, rangeText } from "@/lib/range";
import { type Search, turnedOver } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Button } from "@/ui/Button";
import { Empty, Failed, Skeleton } from "@/ui/Notice";

/** All requests of the range, newest first; new ones come in at the top. */
export function TrafficPage() {
  const { search, window, filters, include, change } = useSearchState();
  const navigate = useNavigate();
  const pager = usePager();
  const selected = useParams({ strict: false, select: ({ id }) => (id === undefined ? undefined : Number(id)) });
  const [paused, setPaused] = useState(false);

  const query = { window, filters, cursor: pager.cursor, order: search.order };
  const canTail = pager.cursor === undefined && search.order === undefined && endsNow(search);
  const tail = useLiveTail(query, canTail, paused);
  const list = useTrafficList(query);
  const rows = list.data?.data;
  const unfiltered = Object.keys(filters).length === 0;
  const failure = failureOf(list.error);

  const resume = () => {
    setPaused(false);
    tail.catchUp();
  };

  const body = () => {
    if (failure !== null && (rows === undefined || list.isPlaceholderData)) return <Failed failure={failure} onRetry={() => void list.refetch()} />;
    if (rows === undefined) return <div className="list-loading"><Skeleton rows={14} label="Loading requests" /></div>;
    if (rows.length === 0) {
      return unfiltered ? (
        <Empty title={`No requests, ${rangeText(search)}`}>New requests appear here as they are read.</Empty>
      ) : (
        <Empty title="No request matches these filters">Take a filter away, or choose a longer range.</Empty>
      );
    }
    return (
      <div className={list.isPlaceholderData ? "list-old" : ""}>
        <TrafficTable
          rows={rows}
          selected={selected}
          isFresh={tail.isFresh}
          onInclude={include}
          order={search.order}
          onOrder={() => change(turnedOver(search))}
          onOpen={({ id }) => void navigate({ to: pages.trafficRow, params: { id: String(id) }, search, state: (held) => held })}
        />
      </div>
    );
  };

  return (
    <div className="page">
      {unfiltered && <DataBanner empty={rows?.length === 0 && pager.cursor === undefined && !list.isPlaceholderData} />}
      <div className="list-head">
        <FilterBar />
        <div className="list-tools">
          {canTail ? (
            <Button icon={paused ? "play" : "pause"} aria-pressed={paused} onClick={() => (paused ? resume() : setPaused(true))}>
              {paused ? "Resume live rows" : "Pause live rows"}
            </Button>
          ) : (
            <span className="muted">{whyNoTail(search)}</span>
          )}
          <ViewMenu list="traffic" />
          <ColumnChooser list="traffic" columns={TRAFFIC_COLUMNS} />
          <ExportLink path={api.traffic} />
        </div>
      </div>
      <div className="list">
        {paused && tail.waiting > 0 && (
          <button type="button" className="list-wait" onClick={tail.catchUp}>
            Show {count(tail.waiting)} new {tail.waiting === 1 ? "row" : "rows"}
          </button>
        )}
        {body()}
      </div>
      {rows !== undefined && rows.length > 0 && <PagerBar pager={pager} next={list.data?.page.next} rows={rows.length} noun="request" order={search.order} />}
      <Outlet />
    </div>
  );
}

function whyNoTail(search: Search): string {
  if (!endsNow(search)) return "A fixed range: no live rows";
  if (search.order === "asc") return "Oldest first: no live rows";
  return "Live rows come in on the first page";
}

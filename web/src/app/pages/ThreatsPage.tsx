import "./pages.css";

import { Outlet, useNavigate, useParams } from "@tanstack/react-router";

import { ExportLink } from "@/app/pages/ExportLink";
import { PagerBar } from "@/app/pages/PagerBar";
import { usePager } from "@/app/pages/usePager";
import { ColumnChooser } from "@/features/columns/components/ColumnChooser";
import { FilterBar } from "@/features/filters/components/FilterBar";
import { useThreatsList } from "@/features/threats/api/useThreatsList";
import { THREAT_COLUMNS, ThreatTable } from "@/features/threats/components/ThreatTable";
import { ViewMenu } from "@/features/views/components/ViewMenu";
import { failureOf } from "@/lib/api";
import { api, pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { turnedOver } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Empty, Failed, Skeleton } from "@/ui/Notice";

/** All requests of the range that were not simply allowed. */
export function ThreatsPage() {
  const { search, window, filters, include, change } = useSearchState();
  const navigate = useNavigate();
  const pager = usePager();
  const selected = useParams({ strict: false, select: ({ id }) => (id === undefined ? undefined : Number(id)) });
  const list = useThreatsList({ window, filters, cursor: pager.cursor, order: search.order });
  const rows = list.data?.data;
  const failure = failureOf(list.error);

  const body = () => {
    if (failure !== null && (rows === undefined || list.isPlaceholderData)) return <Failed failure={failure} onRetry={() => void list.refetch()} />;
    if (rows === undefined) return <div className="list-loading"><Skeleton rows={14} label="Loading threats" /></div>;
    if (rows.length === 0) {
      return Object.keys(filters).length === 0 ? (
        <Empty title={`No threats, ${rangeText(search)}`}>Nothing was judged worth flagging or blocking. Choose a longer range to look further back.</Empty>
      ) : (
        <Empty title="No threat matches these filters">Take a filter away, or choose a longer range.</Empty>
      );
    }
    return (
      <div className={list.isPlaceholderData ? "list-old" : ""}>
        <ThreatTable
          rows={rows}
          selected={selected}
          onInclude={include}
          order={search.order}
          onOrder={() => change(turnedOver(search))}
          onOpen={({ id }) => void navigate({ to: pages.threatRow, params: { id: String(id) }, search, state: (held) => held })}
        />
      </div>
    );
  };

  return (
    <div className="page">
      <div className="list-head">
        <FilterBar />
        <div className="list-tools">
          <ViewMenu list="threats" />
          <ColumnChooser list="threats" columns={THREAT_COLUMNS} />
          <ExportLink path={api.threats} />
        </div>
      </div>
      <div className="list">{body()}</div>
      {rows !== undefined && rows.length > 0 && <PagerBar pager={pager} next={list.data?.page.next} rows={rows.length} noun="threat" order={search.order} />}
      <Outlet />
    </div>
  );
}

import "./status.css";

import { Link } from "@tanstack/react-router";

import { useTop } from "@/features/top/api/useTop";
import { failureOf } from "@/lib/api";
import { count, decimal } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { statusText } from "@/lib/vocabulary";
import { DataTable } from "@/ui/DataTable";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

const ROWS = 8;

/** Response codes of a range, the commonest first. */
export function StatusTable() {
  const { search, window } = useSearchState();
  const top = useTop("status", window, ROWS);
  const failure = top.data === undefined ? failureOf(top.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void top.refetch()} />;
    if (top.data === undefined) return <Skeleton rows={6} label="Loading status codes" />;
    if (top.data.length === 0) return <Empty title="No requests in this range" />;
    return (
      <DataTable
        caption={`Requests by response status, ${rangeText(search)}`}
        rows={top.data}
        rowKey={({ value }) => value}
        columns={[
          {
            key: "status",
            head: "Status",
            grow: true,
            cell: ({ value }) => (
              <Link to={pages.traffic} search={rowsBehind(search, { status: value })}>
                {value === "0" ? "none" : value} <span className="muted">{statusText(Number(value))}</span>
              </Link>
            ),
          },
          { key: "requests", head: "Requests", align: "right", cell: ({ requests }) => count(requests) },
          {
            key: "share",
            head: "Share",
            align: "right",
            cell: ({ share }) => (
              <span className="share">
                <meter className="share-bar" min={0} max={1} value={share} aria-hidden="true" />
                {decimal(share * 100, 1)} %
              </span>
            ),
          },
          { key: "threats", head: "Threats", align: "right", from: "sm", cell: ({ threats }) => count(threats) },
        ]}
      />
    );
  };

  return (
    <Panel title="Response status" note={rangeText(search)}>
      {body()}
    </Panel>
  );
}

import { useChosenColumns } from "@/lib/columns";
import { bytes, milliseconds, score } from "@/lib/format";
import type { FilterKey } from "@/lib/search";
import { actionText, deciderText } from "@/lib/vocabulary";
import type { Traffic } from "@/lib/wire";
import { ActionBadge, SeverityBadge } from "@/ui/Badge";
import { CellFilter } from "@/ui/CellFilter";
import { type ColumnHead, shownColumns, useWidthStep } from "@/ui/columns";
import { CutText } from "@/ui/CutText";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

interface TrafficTableProps {
  rows: readonly Traffic[];
  selected: number | undefined;
  onOpen: (row: Traffic) => void;
  onInclude: (key: FilterKey, value: string) => void;
  isFresh: (row: Traffic) => boolean;
  /** Oldest first; without it the newest come first. */
  order: "asc" | undefined;
  onOrder: () => void;
}

/** Requests, one a line. */
export function TrafficTable({ rows, selected, onOpen, onInclude, isFresh, order, onOrder }: TrafficTableProps) {
  const chosen = useChosenColumns("traffic");
  const columns = shownColumns(columnsOf(onInclude), chosen, useWidthStep());
  return (
    <DataTable
      caption={order === "asc" ? "Requests, oldest first" : "Requests, newest first"}
      columns={columns.map((column) => (column.key === "time" ? { ...column, sort: { direction: order === "asc" ? "ascending" : "descending", onSort: onOrder } } : column))}
      rows={rows}
      rowKey={({ id }) => id}
      selected={selected}
      onOpen={onOpen}
      isFresh={isFresh}
    />
  );
}

/** All columns that the table can show. */
export const TRAFFIC_COLUMNS: readonly ColumnHead[] = columnsOf(() => undefined);

function columnsOf(include: (key: FilterKey, value: string) => void): Column<Traffic>[] {
  return [
    { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} /> },
    { key: "ip", head: "Client", from: "sm", cell: ({ ip }) => <CellFilter name="client" value={ip} onChoose={() => include("ip", ip)}><span className="mono">{ip}</span></CellFilter> },
    { key: "method", head: "Method", from: "md", cell: ({ method }) => <CellFilter name="method" value={method} onChoose={() => include("method", method)} /> },
    {
      key: "endpoint",
      head: "Request",
      grow: true,
      cell: ({ endpoint }) => (
        <span className="mono" title={endpoint}>
          {endpoint}
        </span>
      ),
    },
    { key: "host", head: "Host", from: "lg", cell: ({ host }) => (host === null ? <span className="muted">–</span> : <CellFilter name="host" value={host} onChoose={() => include("host", host)} />) },
    { key: "status", head: "Status", align: "right", cell: ({ status }) => <CellFilter name="status" value={String(status)} onChoose={() => include("status", String(status))}>{status === 0 ? "–" : status}</CellFilter> },
    { key: "size", head: "Size", align: "right", from: "lg", cell: ({ size_bytes }) => bytes(size_bytes) },
    { key: "took", head: "Took", align: "right", from: "lg", cell: ({ response_time_ms }) => milliseconds(response_time_ms) },
    { key: "score", head: "Score", align: "right", from: "sm", cell: (row) => score(row.score) },
    {
      key: "class",
      head: "Class",
      from: "md",
      cell: ({ class: name, type }) => (name === null ? <span className="muted">–</span> : <CellFilter name="class" value={type ?? name} onChoose={() => include("class", name)} />),
    },
    { key: "severity", head: "Severity", optional: true, cell: ({ severity }) => (severity === null ? <span className="muted">–</span> : <CellFilter name="severity" value={severity} onChoose={() => include("severity", severity)}><SeverityBadge severity={severity} /></CellFilter>) },
    { key: "decided", head: "Decided by", optional: true, cell: ({ decided_by: by }) => deciderText(by) },
    { key: "agent", head: "User agent", optional: true, cell: ({ user_agent: agent }) => <CutText text={agent} /> },
    { key: "country", head: "Country", optional: true, cell: ({ country_code: code }) => code ?? <span className="muted">–</span> },
    { key: "log", head: "Log", optional: true, cell: ({ log_source: log }) => <CutText text={log} /> },
    { key: "action", head: "Action", cell: ({ action, enforced }) => <ActionBadge action={action} text={actionText(action, enforced)} /> },
  ];
}

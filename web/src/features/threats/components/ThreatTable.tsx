import "./threats.css";

import { useChosenColumns } from "@/lib/columns";
import { score } from "@/lib/format";
import type { FilterKey } from "@/lib/search";
import { actionText, deciderText } from "@/lib/vocabulary";
import type { Threat } from "@/lib/wire";
import { ActionBadge, SeverityBadge } from "@/ui/Badge";
import { CellFilter } from "@/ui/CellFilter";
import { type ColumnHead, shownColumns, useWidthStep } from "@/ui/columns";
import { CutText } from "@/ui/CutText";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

interface ThreatTableProps {
  rows: readonly Threat[];
  selected: number | undefined;
  onOpen: (row: Threat) => void;
  onInclude: (key: FilterKey, value: string) => void;
  /** Oldest first; without it the newest come first. */
  order: "asc" | undefined;
  onOrder: () => void;
}

/** Threats, one a line. */
export function ThreatTable({ rows, selected, onOpen, onInclude, order, onOrder }: ThreatTableProps) {
  const chosen = useChosenColumns("threats");
  const columns = shownColumns(columnsOf(onInclude), chosen, useWidthStep());
  return (
    <DataTable
      caption={order === "asc" ? "Threats, oldest first" : "Threats, newest first"}
      columns={columns.map((column) => (column.key === "time" ? { ...column, sort: { direction: order === "asc" ? "ascending" : "descending", onSort: onOrder } } : column))}
      rows={rows}
      rowKey={({ id }) => id}
      selected={selected}
      onOpen={onOpen}
    />
  );
}

/** All columns that the table can show. */
export const THREAT_COLUMNS: readonly ColumnHead[] = columnsOf(() => undefined);

function columnsOf(include: (key: FilterKey, value: string) => void): Column<Threat>[] {
  return [
    { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} /> },
    { key: "severity", head: "Severity", from: "sm", cell: ({ severity }) => <CellFilter name="severity" value={severity} onChoose={() => include("severity", severity)}><SeverityBadge severity={severity} /></CellFilter> },
    { key: "class", head: "Class", cell: ({ class: name, type }) => <CellFilter name="class" value={type} onChoose={() => include("class", name)}><span className="threat-class" title={type}>{type}</span></CellFilter> },
    { key: "source", head: "Client", from: "sm", cell: ({ source }) => <CellFilter name="client" value={source} onChoose={() => include("ip", source)}><span className="mono">{source}</span></CellFilter> },
    {
      key: "endpoint",
      head: "Request",
      grow: true,
      cell: ({ method, endpoint }) => (
        <span className="mono" title={`${method} ${endpoint}`}>
          <span className="muted">{method}</span> {endpoint}
        </span>
      ),
    },
    {
      key: "payload",
      head: "Payload, decoded",
      from: "lg",
      cell: ({ payload }) => (
        <span className="threat-payload mono" title={payload ?? undefined}>
          {payload ?? "–"}
        </span>
      ),
    },
    { key: "status", head: "Status", align: "right", from: "md", cell: ({ status }) => <CellFilter name="status" value={String(status)} onChoose={() => include("status", String(status))}>{status === 0 ? "–" : status}</CellFilter> },
    { key: "score", head: "Score", align: "right", from: "md", cell: (row) => score(row.score) },
    { key: "host", head: "Host", optional: true, cell: ({ host }) => (host === null ? <span className="muted">–</span> : <CellFilter name="host" value={host} onChoose={() => include("host", host)} />) },
    { key: "details", head: "Details", optional: true, cell: ({ details }) => <CutText text={details} /> },
    { key: "decided", head: "Decided by", optional: true, cell: ({ decided_by: by }) => deciderText(by) },
    { key: "agent", head: "User agent", optional: true, cell: ({ user_agent: agent }) => <CutText text={agent} /> },
    { key: "country", head: "Country", optional: true, cell: ({ country_code: code }) => code ?? <span className="muted">–</span> },
    { key: "action", head: "Action", cell: ({ action, enforced }) => <ActionBadge action={action} text={actionText(action, enforced)} /> },
  ];
}

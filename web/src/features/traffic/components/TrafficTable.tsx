import { bytes, milliseconds, score } from "@/lib/format";
import type { FilterKey } from "@/lib/search";
import { actionText } from "@/lib/vocabulary";
import type { Traffic } from "@/lib/wire";
import { ActionBadge } from "@/ui/Badge";
import { CellFilter } from "@/ui/CellFilter";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

interface TrafficTableProps {
  rows: readonly Traffic[];
  selected: number | undefined;
  onOpen: (row: Traffic) => void;
  onInclude: (key: FilterKey, value: string) => void;
  isFresh: (row: Traffic) => boolean;
}

/** Requests, one a line. */
export function TrafficTable({ rows, selected, onOpen, onInclude, isFresh }: TrafficTableProps) {
  return (
    <DataTable
      caption="Requests, newest first"
      columns={columns(onInclude)}
      rows={rows}
      rowKey={({ id }) => id}
      selected={selected}
      onOpen={onOpen}
      isFresh={isFresh}
    />
  );
}

function columns(include: (key: FilterKey, value: string) => void): Column<Traffic>[] {
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
    { key: "action", head: "Action", cell: ({ action, enforced }) => <ActionBadge action={action} text={actionText(action, enforced)} /> },
  ];
}

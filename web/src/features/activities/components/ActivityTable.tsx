import "./activities.css";

import { Link } from "@tanstack/react-router";

import { pages } from "@/lib/paths";
import { type FilterKey, rowsBehind, type Search } from "@/lib/search";
import { actionText } from "@/lib/vocabulary";
import type { Activity } from "@/lib/wire";
import { ActionBadge } from "@/ui/Badge";
import { CellFilter } from "@/ui/CellFilter";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

interface ActivityTableProps {
  rows: readonly Activity[];
  search: Search;
  onInclude: (key: FilterKey, value: string) => void;
  onOrder: () => void;
}

/** The feed, one deed a line. */
export function ActivityTable({ rows, search, onInclude, onOrder }: ActivityTableProps) {
  const isAscending = search.order === "asc";
  const columns: Column<Activity>[] = [
    { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} />, sort: { direction: isAscending ? "ascending" : "descending", onSort: onOrder } },
    {
      key: "kind",
      head: "Kind",
      cell: ({ action, enforced }) => (
        <CellFilter name="kind" value={actionText(action, enforced)} onChoose={() => onInclude("action", action)}>
          <ActionBadge action={action} text={actionText(action, enforced)} />
        </CellFilter>
      ),
    },
    {
      key: "what",
      head: "What",
      grow: true,
      cell: (activity) => (
        <Link to={activity.action === "allow" ? pages.traffic : pages.threats} search={rowsBehind(search, behind(activity))} className="mono activity-link" title={`${activity.method} ${activity.endpoint}`}>
          {activity.title}
        </Link>
      ),
    },
    { key: "details", head: "Details", from: "md", cell: ({ details }) => <span className="activity-details">{details}</span> },
    { key: "class", head: "Class", from: "lg", cell: ({ class: name, threat_type: type }) => (name === null ? <span className="muted">–</span> : <CellFilter name="class" value={type ?? name} onChoose={() => onInclude("class", name)} />) },
    { key: "ip", head: "Client", from: "sm", cell: ({ ip }) => <CellFilter name="client" value={ip} onChoose={() => onInclude("ip", ip)}><span className="mono">{ip}</span></CellFilter> },
  ];
  return <DataTable caption={isAscending ? "Activity, oldest first" : "Activity, newest first"} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

/** Filters that find the request of a line; a target that was cut, or that a filter would read as a pattern, is left out. */
export function behind({ ip, endpoint }: Pick<Activity, "ip" | "endpoint">): { ip: string; endpoint?: string } {
  return endpoint === "" || endpoint.endsWith("…") || endpoint.endsWith("*") ? { ip } : { ip, endpoint };
}

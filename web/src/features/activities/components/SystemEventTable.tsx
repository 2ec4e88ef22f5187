import "./activities.css";

import { Link } from "@tanstack/react-router";

import { pages } from "@/lib/paths";
import { type Search, withoutFilters } from "@/lib/search";
import { eventText } from "@/lib/vocabulary";
import type { SystemEvent } from "@/lib/wire";
import { Badge, type Tone } from "@/ui/Badge";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

interface SystemEventTableProps {
  rows: readonly SystemEvent[];
  search: Search;
  onOrder: () => void;
}

const TONES: Partial<Record<SystemEvent["type"], Tone>> = { alert_raised: "warn", config_changed: "accent", model_replaced: "accent", source_added: "accent" };

/** What happened beside the requests, one event a line. */
export function SystemEventTable({ rows, search, onOrder }: SystemEventTableProps) {
  const isAscending = search.order === "asc";
  const columns: Column<SystemEvent>[] = [
    { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} />, sort: { direction: isAscending ? "ascending" : "descending", onSort: onOrder } },
    { key: "kind", head: "Kind", cell: ({ type }) => <Badge tone={TONES[type] ?? "neutral"}>{eventText(type)}</Badge> },
    { key: "what", head: "What", grow: true, cell: (event) => <EventTitle event={event} search={search} /> },
    { key: "details", head: "Details", from: "md", cell: ({ details }) => <span className="activity-details" title={details ?? undefined}>{details ?? ""}</span> },
    { key: "by", head: "By", from: "sm", cell: ({ by }) => by ?? <span className="muted">–</span> },
  ];
  return <DataTable caption={isAscending ? "System events, oldest first" : "System events, newest first"} columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

/** The title, which leads where the rest stands. */
function EventTitle({ event, search }: { event: SystemEvent; search: Search }) {
  switch (event.type) {
    case "alert_raised":
    case "alert_handled":
      return (
        <Link to={pages.alerts} search={{ ...withoutFilters(search), view: "history" }} className="activity-link">
          {event.title}
        </Link>
      );
    case "source_added":
      return (
        <Link to={pages.sources} search={withoutFilters(search)} className="activity-link">
          {event.title}
        </Link>
      );
    case "model_replaced":
      return (
        <Link to={pages.model} search={withoutFilters(search)} className="activity-link">
          {event.title}
        </Link>
      );
    default:
      return event.title;
  }
}

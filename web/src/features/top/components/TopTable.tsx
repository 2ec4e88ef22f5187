import "./top.css";

import { Link } from "@tanstack/react-router";

import { type Dimension, useTop } from "@/features/top/api/useTop";
import { DIMENSIONS } from "@/features/top/components/dimensions";
import { failureOf } from "@/lib/api";
import { csvText, saveText } from "@/lib/csv";
import { count, decimal } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { type Filters, type RankedBy, rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { TopEntry } from "@/lib/wire";
import { IconButton } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

interface TopTableProps {
  dimension: Dimension;
  by?: RankedBy;
  /** So many values at most. */
  limit?: number;
}

/** The values of a dimension that come first over the range, each with its rows. */
export function TopTable({ dimension, by = "requests", limit = 8 }: TopTableProps) {
  const { search, window } = useSearchState();
  const top = useTop(dimension, by, window, limit);
  const { title, head, text, aside, rows } = DIMENSIONS[dimension];

  const opens = (to: typeof pages.traffic | typeof pages.threats, figure: number, filters: Filters) =>
    figure === 0 ? (
      "0"
    ) : (
      <Link to={to} search={rowsBehind(search, filters)}>
        {count(figure)}
      </Link>
    );
  const columns: Column<TopEntry>[] = [
    {
      key: "value",
      head,
      grow: true,
      cell: ({ value }) => (
        <Link to={pages.traffic} search={rowsBehind(search, rows(value))} title={value}>
          {text(value)} {aside !== undefined && <span className="muted">{aside(value)}</span>}
        </Link>
      ),
    },
    { key: "requests", head: "Requests", align: "right", cell: ({ value, requests }) => opens(pages.traffic, requests, rows(value)) },
    {
      key: "share",
      head: "Share",
      align: "right",
      from: "sm",
      cell: ({ share }) => (
        <span className="share">
          <meter className="share-bar" min={0} max={1} value={share} aria-hidden="true" />
          {decimal(share * 100, 1)} %
        </span>
      ),
    },
    { key: "threats", head: "Threats", align: "right", cell: ({ value, threats }) => opens(pages.threats, threats, rows(value)) },
  ];
  const save = () =>
    saveText(
      `top-${dimension}.csv`,
      csvText(["value", "requests", "blocked", "threats", "share"], (top.data ?? []).map((entry) => [entry.value, entry.requests, entry.blocked, entry.threats, entry.share])),
    );

  return (
    <Panel title={title} note={`by ${by} · ${rangeText(search)}`} tools={<IconButton icon="file" label={`Save ${title} as CSV`} disabled={top.data === undefined} onClick={save} />}>
      <Loaded data={top.data} failure={failureOf(top.error)} onRetry={() => void top.refetch()} label={`Loading ${title}`} rows={6}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty title="None in this range" />
          ) : (
            <DataTable caption={`${title}, ${rangeText(search)}`} columns={columns} rows={entries} rowKey={({ value }) => value} />
          )
        }
      </Loaded>
    </Panel>
  );
}

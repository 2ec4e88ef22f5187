import "./sources.css";

import { Link } from "@tanstack/react-router";

import { lagText, SourceBadge } from "@/features/sources/components/sourceState";
import { count, decimal } from "@/lib/format";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Source } from "@/lib/wire";
import { type Column, DataTable } from "@/ui/DataTable";
import { TimeText } from "@/ui/TimeText";

/** The log sources with all their figures. */
export function SourceTable({ sources }: { sources: Source[] }) {
  const { search } = useSearchState();
  const columns: Column<Source>[] = [
    { key: "name", head: "Name", grow: true, cell: ({ name }) => <span title={name}>{name}</span> },
    { key: "kind", head: "Kind", from: "md", cell: ({ kind }) => kind },
    { key: "state", head: "State", cell: (source) => <SourceBadge source={source} /> },
    { key: "lines", head: "Lines", align: "right", from: "sm", cell: ({ lines }) => count(lines) },
    {
      key: "parsed",
      head: "Parsed",
      align: "right",
      cell: ({ parsed }) => (
        <Link to={pages.traffic} search={withoutFilters(search)}>
          {count(parsed)}
        </Link>
      ),
    },
    { key: "failed", head: "Failed", align: "right", cell: ({ failed }) => (failed > 0 ? <span className="strip-failed">{count(failed)}</span> : "0") },
    { key: "rate", head: "Lines/s", align: "right", from: "md", cell: ({ lines_per_second }) => decimal(lines_per_second, 1) },
    { key: "lag", head: "Lag", align: "right", from: "md", cell: lagText },
    { key: "last", head: "Newest line", align: "right", from: "lg", cell: ({ last_line_at }) => (last_line_at == null ? "–" : <TimeText instant={last_line_at} />) },
  ];
  return <DataTable caption="Log sources" columns={columns} rows={sources} rowKey={({ name }) => name} />;
}

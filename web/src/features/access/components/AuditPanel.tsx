import "./access.css";

import { useAuditLog } from "@/features/access/api/useAuditLog";
import { QueryBody } from "@/features/access/components/QueryBody";
import { DEEDS, KINDS, type SettingsSearch } from "@/lib/access";
import { api, csvAddress } from "@/lib/paths";
import type { Audit } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Choice } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

const ANY = { value: "", text: "any" };

const COLUMNS: Column<Audit>[] = [
  { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} /> },
  { key: "who", head: "Who", cell: ({ username }) => username ?? <span className="muted">nobody known</span> },
  { key: "from", head: "From", cell: ({ ip_address: ip }) => (ip == null ? "" : <span className="mono">{ip}</span>), from: "md" },
  { key: "action", head: "Action", cell: ({ action }) => action.replaceAll("_", " "), from: "sm" },
  { key: "what", head: "What", cell: (entry) => <Deed entry={entry} />, grow: true },
];

/** What was changed, by whom, from where, before and after. */
export function AuditPanel({ search, onChange }: { search: SettingsSearch; onChange: (search: SettingsSearch) => void }) {
  const log = useAuditLog(search);
  const next = log.data?.page.next;
  const isFiltered = search.deed !== undefined || search.kind !== undefined;
  const names = (all: readonly string[]) => [ANY, ...all.map((value) => ({ value, text: value.replaceAll("_", " ") }))];
  const filter = (change: Record<string, string>) => onChange({ ...search, ...change, cursor: undefined });

  return (
    <Panel
      title="Audit log"
      note="every login and every change; entries are never changed"
      tools={
        <a className="button button-plain" href={csvAddress(api.auditLog, { action: search.deed, resource_type: search.kind })} download>
          <Icon name="file" />
          CSV
        </a>
      }
    >
      <div className="form">
        <div className="form-row">
          <Choice label="Action" value={search.deed ?? ""} onChange={(deed) => filter({ deed })} options={names(DEEDS)} />
          <Choice label="Kind of thing" value={search.kind ?? ""} onChange={(kind) => filter({ kind })} options={names(KINDS)} />
        </div>
        <QueryBody query={log} loading="Loading the audit log">
          {({ data }) =>
            data.length === 0 ? (
              <Empty title={isFiltered ? "No entry matches" : "Nothing was changed yet"} />
            ) : (
              <DataTable caption="Audit log, newest first" columns={COLUMNS} rows={data} rowKey={({ id }) => id} />
            )
          }
        </QueryBody>
        <nav className="form-row" aria-label="Pages of the audit log">
          {search.cursor !== undefined && <Button onClick={() => onChange({ ...search, cursor: undefined })}>Newest</Button>}
          <Button icon="forward" disabled={next == null} onClick={() => (next == null ? undefined : onChange({ ...search, cursor: next }))}>
            Older
          </Button>
        </nav>
      </div>
    </Panel>
  );
}

function Deed({ entry }: { entry: Audit }) {
  return (
    <span>
      {!entry.success && <Badge tone="bad">refused</Badge>} {entry.description}
      {entry.details != null && (
        <details className="access-details">
          <summary>before and after</summary>
          <pre className="mono">{readable(entry.details)}</pre>
        </details>
      )}
    </span>
  );
}

/** The details are JSON as text; what is not is shown as it stands. */
function readable(details: string): string {
  try {
    return JSON.stringify(JSON.parse(details), null, 2);
  } catch {
    return details;
  }
}

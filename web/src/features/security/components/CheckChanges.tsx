import { useCheckHistory } from "@/features/security/api/useCheckHistory";
import { useChecks } from "@/features/security/api/useChecks";
import { STATES } from "@/features/security/components/checkState";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { rangeSpan, rangeText } from "@/lib/range";
import { useSearchState } from "@/lib/useSearchState";
import type { CheckHistory } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { ScrollRegion } from "@/ui/ScrollRegion";
import { TimeText } from "@/ui/TimeText";

/** When the status of a check changed, over the range. */
export function CheckChanges() {
  const { search, window } = useSearchState();
  const history = useCheckHistory();
  const checks = useChecks();
  const names = new Map(checks.data?.map(({ key, name }) => [key, name]));
  const { from, to } = rangeSpan(window, history.dataUpdatedAt);
  const changes = history.data?.filter(({ timestamp }) => Date.parse(timestamp) >= from * 1000 && Date.parse(timestamp) <= to * 1000);
  const columns: Column<CheckHistory>[] = [
    { key: "time", head: "Time", cell: ({ timestamp }) => <TimeText instant={timestamp} /> },
    { key: "check", head: "Check", grow: true, cell: ({ key }) => names.get(key) ?? key },
    { key: "status", head: "Status", cell: ({ status }) => <Badge tone={STATES[status].tone}>{STATES[status].text}</Badge> },
    { key: "message", head: "What was found", grow: true, from: "sm", cell: ({ message }) => <span title={message}>{message}</span> },
  ];

  return (
    <Panel title="Changes" note={changes === undefined ? rangeText(search) : `${count(changes.length)} · ${rangeText(search)}`}>
      <Loaded data={changes} failure={failureOf(history.error)} onRetry={() => void history.refetch()} label="Loading changes">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={`No check changed, ${rangeText(search)}`}>A start of the server counts as a change of every check.</Empty>
          ) : (
            <ScrollRegion label="Changes of checks">
              <DataTable caption="Changes of checks, newest first" columns={columns} rows={rows} rowKey={({ key, timestamp }) => `${key} ${timestamp}`} />
            </ScrollRegion>
          )
        }
      </Loaded>
    </Panel>
  );
}

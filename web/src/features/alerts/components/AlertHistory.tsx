import "./alerts.css";

import { useAlertHistory } from "@/features/alerts/api/useAlertHistory";
import { actsOn } from "@/features/alerts/components/acts";
import { AlertItem } from "@/features/alerts/components/AlertItem";
import { HandledBar } from "@/features/alerts/components/HandledBar";
import { useAlertHandling } from "@/features/alerts/components/useAlertHandling";
import { useChosen } from "@/features/alerts/components/useChosen";
import { AlertBulkBar } from "@/features/alerts/components/AlertBulkBar";
import { failureOf } from "@/lib/api";
import type { ListQuery } from "@/lib/keys";
import { rangeText } from "@/lib/range";
import { useSearchState } from "@/lib/useSearchState";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** Alerts of every status that were raised in the range, newest first. */
export function AlertHistory({ query, mayAct }: { query: ListQuery; mayAct: boolean }) {
  const { search, filters } = useSearchState();
  const list = useAlertHistory(query);
  const handling = useAlertHandling();
  const rows = list.data?.data;
  const chosen = useChosen(rows ?? []);
  const failure = failureOf(list.error);

  const body = () => {
    if (failure !== null && (rows === undefined || list.isPlaceholderData)) return <Failed failure={failure} onRetry={() => void list.refetch()} />;
    if (rows === undefined) return <Skeleton rows={8} label="Loading alerts" />;
    if (rows.length === 0) {
      return Object.keys(filters).length === 0 ? (
        <Empty title={`No alert was raised, ${rangeText(search)}`}>Choose a longer range to look further back.</Empty>
      ) : (
        <Empty title="No alert matches these filters">Take a filter away, or choose a longer range.</Empty>
      );
    }
    return (
      <ul className={list.isPlaceholderData ? "alerts list-old" : "alerts"}>
        {rows.map((alert) => (
          <AlertItem key={alert.id} alert={alert} {...(mayAct && { acts: actsOn(alert, handling, chosen) })} />
        ))}
      </ul>
    );
  };

  return (
    <Panel title="Alert history" note={`raised ${rangeText(search)}, newest first`}>
      <AlertBulkBar chosen={chosen} handling={handling} />
      <HandledBar handling={handling} />
      {body()}
    </Panel>
  );
}

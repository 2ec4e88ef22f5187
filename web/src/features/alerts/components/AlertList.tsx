import "./alerts.css";

import { useState } from "react";

import { useActiveAlerts } from "@/features/alerts/api/useActiveAlerts";
import { useEndSilence } from "@/features/alerts/api/useEndSilence";
import { type AlertHandling, useHandleAlerts } from "@/features/alerts/api/useHandleAlerts";
import { useSilenceAlert } from "@/features/alerts/api/useSilenceAlert";
import { AlertItem } from "@/features/alerts/components/AlertItem";
import { gravestFirst } from "@/features/alerts/components/gravest";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** How long a silence lasts that is begun here. */
const SILENCE_HOURS = 24;

const DONE: Record<AlertHandling, string> = { acknowledge: "acknowledged", dismiss: "dismissed", reopen: "reopened" };

/** What was done last, and how it is taken back. */
interface LastDone {
  text: string;
  undo: () => void;
}

/** Alerts that wait for somebody, gravest first; several can be handled at once, and everything can be taken back. */
export function AlertList() {
  const alerts = useActiveAlerts();
  const handle = useHandleAlerts();
  const silence = useSilenceAlert();
  const endSilence = useEndSilence();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [done, setDone] = useState<LastDone | null>(null);
  const failure = alerts.data === undefined ? failureOf(alerts.error) : null;
  const refused = failureOf(handle.error ?? silence.error ?? endSilence.error);
  const busy = handle.isPending || silence.isPending || endSilence.isPending;
  const shown = gravestFirst(alerts.data ?? []);
  const picked = shown.filter(({ id }) => chosen.has(id)).map(({ id }) => id);

  const apply = (ids: number[], action: AlertHandling) => {
    handle.mutate(
      { ids, action },
      {
        onSuccess: () => {
          setChosen(new Set());
          const what = ids.length === 1 ? "1 alert" : `${count(ids.length)} alerts`;
          setDone({ text: `${what} ${DONE[action]}`, undo: () => handle.mutate({ ids, action: "reopen" }, { onSuccess: () => setDone(null) }) });
        },
      },
    );
  };

  const keepQuiet = (id: number) => {
    silence.mutate(
      { id, hours: SILENCE_HOURS },
      {
        onSuccess: ({ data }) =>
          setDone({
            text: `Silenced for ${SILENCE_HOURS} h`,
            undo: () => endSilence.mutate({ silence: data.id, alert: id }, { onSuccess: () => setDone(null) }),
          }),
      },
    );
  };

  const choose = (id: number, is: boolean) => {
    const next = new Set(chosen);
    if (is) next.add(id);
    else next.delete(id);
    setChosen(next);
  };

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void alerts.refetch()} />;
    if (alerts.data === undefined) return <Skeleton rows={4} label="Loading alerts" />;
    if (shown.length === 0) return <Empty title="No active alerts">An alert appears here the moment it is raised.</Empty>;
    return (
      <ul className="alerts">
        {shown.map((alert) => (
          <AlertItem
            key={alert.id}
            alert={alert}
            busy={busy}
            chosen={chosen.has(alert.id)}
            onChoose={(is) => choose(alert.id, is)}
            onHandle={(action) => apply([alert.id], action)}
            onSilence={() => keepQuiet(alert.id)}
          />
        ))}
      </ul>
    );
  };

  return (
    <Panel title="Active alerts" note={alerts.data === undefined ? undefined : `${count(shown.length)} now`} className="panel-list">
      {picked.length > 0 && (
        <div className="alert-bar" role="group" aria-label="Chosen alerts">
          <span>{count(picked.length)} chosen</span>
          <Button disabled={busy} onClick={() => apply(picked, "acknowledge")}>
            Acknowledge
          </Button>
          <Button disabled={busy} onClick={() => apply(picked, "dismiss")}>
            Dismiss
          </Button>
          <Button look="quiet" onClick={() => setChosen(new Set(shown.map(({ id }) => id)))}>
            Choose all
          </Button>
        </div>
      )}
      <div role="status">
        {done !== null && (
          <p className="alert-bar">
            <span>{done.text}</span>
            <Button look="quiet" disabled={busy} onClick={done.undo}>
              Undo
            </Button>
          </p>
        )}
      </div>
      {refused !== null && (
        <p className="alert-failure" role="alert">
          {refused.message}
        </p>
      )}
      {body()}
    </Panel>
  );
}

import "./alerts.css";

import { Link } from "@tanstack/react-router";

import { useAcknowledgeAlert } from "@/features/alerts/api/useAcknowledgeAlert";
import { useActiveAlerts } from "@/features/alerts/api/useActiveAlerts";
import { useDismissAlert } from "@/features/alerts/api/useDismissAlert";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Alert } from "@/lib/wire";
import { Badge, SeverityBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** Alerts that wait for somebody. */
export function AlertList() {
  const alerts = useActiveAlerts();
  const failure = alerts.data === undefined ? failureOf(alerts.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void alerts.refetch()} />;
    if (alerts.data === undefined) return <Skeleton rows={4} label="Loading alerts" />;
    if (alerts.data.length === 0) return <Empty title="No active alerts">An alert appears here the moment it is raised.</Empty>;
    return (
      <ul className="alerts">
        {alerts.data.map((alert) => (
          <AlertItem key={alert.id} alert={alert} />
        ))}
      </ul>
    );
  };

  return (
    <Panel title="Active alerts" note={alerts.data === undefined ? undefined : `${count(alerts.data.length)} now`} className="panel-list">
      {body()}
    </Panel>
  );
}

function AlertItem({ alert }: { alert: Alert }) {
  const { search } = useSearchState();
  const acknowledge = useAcknowledgeAlert();
  const dismiss = useDismissAlert();
  const failure = failureOf(acknowledge.error ?? dismiss.error);
  const busy = acknowledge.isPending || dismiss.isPending;

  return (
    <li className="alert-item">
      <div className="alert-head">
        <SeverityBadge severity={alert.type === "critical" ? "critical" : alert.severity} />
        <span className="alert-title">{alert.title}</span>
        {alert.is_acknowledged && <Badge>acknowledged{alert.handled_by === null ? "" : ` by ${alert.handled_by}`}</Badge>}
      </div>
      <p className="alert-text">{alert.description}</p>
      <div className="alert-foot">
        <span className="muted">
          {count(alert.count)}× · last <TimeText instant={alert.last_seen} />
        </span>
        {alert.related_ip !== null && (
          <Link to={pages.threats} search={rowsBehind(search, { ip: alert.related_ip })}>
            client <span className="mono">{alert.related_ip}</span>
          </Link>
        )}
        {alert.related_threat_id !== null && (
          <Link to={pages.threatRow} params={{ id: String(alert.related_threat_id) }} search={rowsBehind(search, {})}>
            evidence
          </Link>
        )}
        <span className="alert-actions">
          {!alert.is_acknowledged && (
            <Button disabled={busy} onClick={() => acknowledge.mutate(alert.id)}>
              Acknowledge
            </Button>
          )}
          <Button look="quiet" disabled={busy} onClick={() => dismiss.mutate(alert.id)}>
            Dismiss
          </Button>
        </span>
      </div>
      {failure !== null && (
        <p className="alert-failure" role="alert">
          {failure.message}
        </p>
      )}
    </li>
  );
}

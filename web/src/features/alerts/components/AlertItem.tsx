import { Link } from "@tanstack/react-router";

import type { AlertHandling } from "@/features/alerts/api/useHandleAlerts";
import { count } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Alert } from "@/lib/wire";
import { Badge, SeverityBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TimeText } from "@/ui/TimeText";

interface AlertItemProps {
  alert: Alert;
  busy: boolean;
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
  onHandle: (action: AlertHandling) => void;
  onSilence: () => void;
}

/** One alert: what happened, where, from whom, since when, and what to do next. */
export function AlertItem({ alert, busy, chosen, onChoose, onHandle, onSilence }: AlertItemProps) {
  const { search } = useSearchState();
  return (
    <li className="alert-item">
      <div className="alert-head">
        <input type="checkbox" checked={chosen} aria-label={`Choose alert ${alert.id}: ${alert.title}`} onChange={(event) => onChoose(event.target.checked)} />
        <SeverityBadge severity={alert.type === "critical" ? "critical" : alert.severity} />
        <span className="alert-title">{alert.title}</span>
        {alert.is_acknowledged && <Badge>acknowledged{alert.handled_by === null ? "" : ` by ${alert.handled_by}`}</Badge>}
      </div>
      <p className="alert-text">{alert.description}</p>
      {alert.advice !== "" && (
        <p className="alert-advice">
          <strong>Next:</strong> {alert.advice}
        </p>
      )}
      <div className="alert-foot">
        <span className="muted">
          {count(alert.count)}× · first <TimeText instant={alert.first_seen} /> · last <TimeText instant={alert.last_seen} />
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
            <Button disabled={busy} onClick={() => onHandle("acknowledge")}>
              Acknowledge
            </Button>
          )}
          <Button look="quiet" disabled={busy} onClick={() => onHandle("dismiss")}>
            Dismiss
          </Button>
          <Button look="quiet" disabled={busy} onClick={onSilence} title="No alert of this cause for 24 hours">
            Silence
          </Button>
        </span>
      </div>
    </li>
  );
}

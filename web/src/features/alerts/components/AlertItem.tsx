import { Link } from "@tanstack/react-router";

import type { Acts } from "@/features/alerts/components/acts";
import { rowsOf } from "@/features/alerts/components/behind";
import { gravityOf } from "@/features/alerts/components/gravest";
import { count } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rowsBehind } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { className } from "@/lib/vocabulary";
import type { Alert } from "@/lib/wire";
import { Badge, SeverityBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TimeText } from "@/ui/TimeText";

interface AlertItemProps {
  alert: Alert;
  /** What can be done with it; without it the one who looks may not act. */
  acts?: Acts;
}

/** One alert: what happened, where, from whom, since when, and what to do next. */
export function AlertItem({ alert, acts }: AlertItemProps) {
  const { search } = useSearchState();
  return (
    <li className="alert-item" data-alert={alert.id}>
      <div className="alert-head">
        {acts !== undefined && <input type="checkbox" checked={acts.chosen} aria-label={`Choose alert ${alert.id}: ${alert.title}`} onChange={(event) => acts.onChoose(event.target.checked)} />}
        <SeverityBadge severity={gravityOf(alert)} />
        <span className="alert-title">{alert.title}</span>
        {alert.status !== "open" && (
          <Badge tone={alert.status === "resolved" ? "ok" : "neutral"}>
            {alert.status}
            {alert.handled_by === null ? "" : ` by ${alert.handled_by}`}
          </Badge>
        )}
      </div>
      <p className="alert-text">{alert.description}</p>
      {alert.note !== null && (
        <p className="alert-text">
          <strong>Note:</strong> {alert.note}
        </p>
      )}
      {alert.advice !== "" && (
        <p className="alert-advice">
          <strong>Next:</strong> {alert.advice}
        </p>
      )}
      <div className="alert-foot">
        <span className="muted">
          <Count alert={alert} /> · first <TimeText instant={alert.first_seen} /> · last <TimeText instant={alert.last_seen} />
        </span>
        {alert.host !== null && (
          <span className="muted">
            site <span className="mono">{alert.host}</span>
          </span>
        )}
        {alert.related_ip !== null && (
          <Link to={pages.threats} search={rowsBehind(search, { ip: alert.related_ip })}>
            client <span className="mono">{alert.related_ip}</span>
          </Link>
        )}
        {alert.related_ip === null && alert.clients > 1 && <span className="muted">{count(alert.clients)} clients</span>}
        {alert.targets > 1 && <span className="muted">{count(alert.targets)} paths</span>}
        {alert.related_threat_id !== null && (
          <Link to={pages.threatRow} params={{ id: String(alert.related_threat_id) }} search={rowsBehind(search, {})}>
            evidence
          </Link>
        )}
        {acts !== undefined && <Buttons alert={alert} {...acts} />}
      </div>
    </li>
  );
}

/** The count, which opens the threats that were counted; an alert about the system counts none. */
function Count({ alert }: { alert: Alert }) {
  const text = `${count(alert.count)}×`;
  if (alert.source === "system") return <>{text}</>;
  const what = [alert.class === null ? "" : className(alert.class), alert.related_ip ?? "", alert.host ?? ""].filter((part) => part !== "");
  return (
    <Link to={pages.threats} search={rowsOf(alert)} title="Show these threats" aria-label={`${text} ${what.join(", ")}: show these threats`}>
      {text}
    </Link>
  );
}

function Buttons({ alert, busy, onHandle, onSilence }: { alert: Alert } & Acts) {
  if (!alert.is_active) {
    return (
      <span className="alert-actions">
        <Button look="quiet" disabled={busy} onClick={() => onHandle("reopen")}>
          Reopen
        </Button>
      </span>
    );
  }
  return (
    <span className="alert-actions">
      {!alert.is_acknowledged && (
        <Button disabled={busy} onClick={() => onHandle("acknowledge")}>
          Acknowledge
        </Button>
      )}
      <Button look="quiet" disabled={busy} onClick={() => onHandle("resolve")} title="It is over: the next event raises a new alert">
        Resolve
      </Button>
      <Button look="quiet" disabled={busy} onClick={() => onHandle("dismiss")} title="Nothing has to be done: quiet until it gets graver">
        Dismiss
      </Button>
      <Button look="quiet" disabled={busy} onClick={onSilence} title="No alert of this cause for a while">
        Silence
      </Button>
    </span>
  );
}

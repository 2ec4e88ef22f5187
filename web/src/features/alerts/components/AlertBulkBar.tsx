import type { useAlertHandling } from "@/features/alerts/components/useAlertHandling";
import type { useChosen } from "@/features/alerts/components/useChosen";
import { count } from "@/lib/format";
import { Button } from "@/ui/Button";

interface AlertBulkBarProps {
  chosen: ReturnType<typeof useChosen>;
  handling: ReturnType<typeof useAlertHandling>;
}

/** What can be done with all alerts that were picked. */
export function AlertBulkBar({ chosen, handling }: AlertBulkBarProps) {
  const { alerts } = chosen;
  if (alerts.length === 0) return null;
  const { busy, apply } = handling;
  return (
    <div className="alert-bar" role="group" aria-label="Chosen alerts">
      <span>{count(alerts.length)} chosen</span>
      <Button disabled={busy} onClick={() => apply(alerts, "acknowledge", chosen.clear)}>
        Acknowledge
      </Button>
      <Button disabled={busy} onClick={() => apply(alerts, "resolve", chosen.clear)}>
        Resolve
      </Button>
      <Button disabled={busy} onClick={() => apply(alerts, "dismiss", chosen.clear)}>
        Dismiss
      </Button>
      {!chosen.isAll && (
        <Button look="quiet" onClick={chosen.all}>
          Choose all
        </Button>
      )}
      <Button look="quiet" onClick={chosen.clear}>
        Choose none
      </Button>
    </div>
  );
}

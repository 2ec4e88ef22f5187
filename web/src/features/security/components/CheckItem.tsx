import { useRunCheck } from "@/features/security/api/useRunCheck";
import { STATES } from "@/features/security/components/checkState";
import { failureOf } from "@/lib/api";
import { milliseconds } from "@/lib/format";
import type { SecurityCheck } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TimeText } from "@/ui/TimeText";

/** One check: what was measured, why it matters, and how to mend it. */
export function CheckItem({ check }: { check: SecurityCheck }) {
  const run = useRunCheck();
  const failure = failureOf(run.error);
  const { text, tone } = STATES[check.status];

  return (
    <li className={`check check-${check.status}`} aria-label={check.name}>
      <div className="check-head">
        <h3>{check.name}</h3>
        <Badge tone={tone}>{text}</Badge>
        <Button icon="refresh" look="quiet" disabled={run.isPending} aria-label={`Run now: ${check.name}`} onClick={() => run.mutate(check.id)}>
          Run now
        </Button>
      </div>
      <p className="check-value">{check.value}</p>
      <p>{sentence(check.message)}</p>
      {check.remedy !== null && (
        <p className="check-remedy">
          <strong>How to fix:</strong> {check.remedy}
        </p>
      )}
      <p className="muted">
        <strong>Why it matters:</strong> {check.why}
      </p>
      {failure !== null && (
        <p className="check-failure" role="alert">
          {failure.message}
        </p>
      )}
      <p className="check-foot muted">
        measured <TimeText instant={check.lastChecked} /> in {milliseconds(check.duration_ms)} · weight {check.weight} of 3
      </p>
    </li>
  );
}

/** The server's words begin small, as parts of a sentence; here they stand alone. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { type SubmitEvent, useEffect, useRef, useState } from "react";

import type { SilenceFilter } from "@/features/alerts/api/useAddSilence";
import type { Quiet } from "@/features/alerts/components/useAlertHandling";
import { className } from "@/lib/vocabulary";
import type { Alert } from "@/lib/wire";
import { Button } from "@/ui/Button";
import { Choice, Field } from "@/ui/Field";

export const HOURS = [
  { value: "1", text: "1 hour" },
  { value: "4", text: "4 hours" },
  { value: "24", text: "24 hours" },
  { value: "168", text: "7 days" },
  { value: "720", text: "30 days" },
];

interface SilenceDialogProps {
  alert: Alert;
  /** With a filter everything that matches is kept quiet, without one the cause of the alert. */
  onSilence: (quiet: Quiet, filter: SilenceFilter | null) => void;
  onClose: () => void;
}

/** Asks for how long, and how much beside this alert is to be quiet. */
export function SilenceDialog({ alert, onSilence, onClose }: SilenceDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [hours, setHours] = useState("24");
  const [reason, setReason] = useState("");
  const parts = PARTS.flatMap(({ key, name }) => {
    const value = valueOf(alert, key);
    return value === undefined ? [] : [{ key, name, value }];
  });
  const [matched, setMatched] = useState<ReadonlySet<keyof SilenceFilter>>(new Set(parts.map(({ key }) => key)));
  const isWider = matched.size > 0 && matched.size < parts.length;

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const quiet = { hours: Number(hours), reason: reason.trim() === "" ? undefined : reason.trim() };
    const filter = Object.fromEntries(parts.filter(({ key }) => matched.has(key)).map(({ key, value }) => [key, value]));
    onSilence(quiet, isWider ? filter : null);
    onClose();
  };

  const toggle = (key: keyof SilenceFilter, is: boolean) => {
    const next = new Set(matched);
    if (is) next.add(key);
    else next.delete(key);
    setMatched(next);
  };

  return (
    <dialog ref={dialog} className="help silence" aria-label="Silence an alert" onClose={onClose}>
      <h2>Silence: {alert.title}</h2>
      <form className="form" onSubmit={submit}>
        <Choice label="For" value={hours} onChange={setHours} options={HOURS} />
        {parts.length > 1 && (
          <fieldset className="silence-parts">
            <legend>Whatever has</legend>
            {parts.map(({ key, name, value }) => (
              <label key={key}>
                <input type="checkbox" checked={matched.has(key)} onChange={(event) => toggle(key, event.target.checked)} />
                {name} <span className="mono">{key === "class" ? className(value) : value}</span>
              </label>
            ))}
          </fieldset>
        )}
        <Field label="Why (optional)" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={1000} autoComplete="off" />
        <p className="muted">Threats are recorded all the same, and the silence counts what it holds back.</p>
        <div className="form-row">
          <Button type="submit" look="accent" disabled={parts.length > 1 && matched.size === 0}>
            Silence
          </Button>
          <Button look="quiet" onClick={() => dialog.current?.close()}>
            Cancel
          </Button>
        </div>
      </form>
    </dialog>
  );
}

const PARTS: readonly { key: keyof SilenceFilter; name: string }[] = [
  { key: "class", name: "class" },
  { key: "ip", name: "client" },
  { key: "host", name: "site" },
];

/** The value of a filter that an alert has; the API takes addresses alone for clients. */
function valueOf(alert: Alert, key: keyof SilenceFilter): string | undefined {
  if (key === "class") return alert.class ?? undefined;
  if (key === "host") return alert.host ?? undefined;
  return alert.related_ip !== null && /^[0-9a-f.:]+$/i.test(alert.related_ip) ? alert.related_ip : undefined;
}

/** Whether a silence of this filter holds an alert back. */
export function isHeld(alert: Alert, filter: SilenceFilter): boolean {
  return PARTS.every(({ key }) => filter[key] === undefined || valueOf(alert, key) === filter[key]);
}

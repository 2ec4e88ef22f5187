import { type SubmitEvent, useState } from "react";

import { useChangePassword } from "@/features/auth/api/useChangePassword";
import { failureOf } from "@/lib/api";
import { Button } from "@/ui/Button";
import { Field, FormFailure } from "@/ui/Field";

/** Replaces one's own password. */
export function PasswordForm({ onDone }: { onDone?: () => void }) {
  const change = useChangePassword(onDone);
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && next !== again;
  const failure = failureOf(change.error);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (next !== again) return;
    change.mutate({ current_password: present, new_password: next });
  };

  return (
    <form className="form" onSubmit={submit} aria-label="Replace password">
      <Field label="Present password" type="password" value={present} onChange={(event) => setPresent(event.target.value)} autoComplete="current-password" maxLength={256} required />
      <Field label="New password" hint="At least 12 characters" type="password" value={next} onChange={(event) => setNext(event.target.value)} autoComplete="new-password" minLength={12} maxLength={256} required />
      <Field label="New password again" type="password" value={again} onChange={(event) => setAgain(event.target.value)} autoComplete="new-password" maxLength={256} required />
      {differs && <FormFailure>The two new passwords differ</FormFailure>}
      {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      <Button type="submit" look="accent" disabled={change.isPending || differs}>
        Replace password
      </Button>
    </form>
  );
}

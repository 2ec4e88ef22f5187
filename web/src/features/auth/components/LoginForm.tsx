import { type SubmitEvent, useState } from "react";

import { useLogin } from "@/features/auth/api/useLogin";
import { failureOf } from "@/lib/api";
import { Button } from "@/ui/Button";
import { Field, FormFailure } from "@/ui/Field";

/** Name and password. */
export function LoginForm() {
  const login = useLogin();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const failure = failureOf(login.error);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    login.mutate({ username, password }, { onError: () => setPassword("") });
  };

  return (
    <form className="form" onSubmit={submit} aria-label="Log in">
      <Field label="User name" value={username} onChange={(event) => setUsername(event.target.value)} autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={64} required />
      <Field label="Password" type="password" value={password} onChange={(event) => setPassword(event.target.value)} autoComplete="current-password" maxLength={256} required />
      {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      <Button type="submit" look="accent" disabled={login.isPending}>
        {login.isPending ? "Logging in …" : "Log in"}
      </Button>
    </form>
  );
}

import "./login.css";

import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { useMe } from "@/features/auth/api/useMe";
import { LoginForm } from "@/features/auth/components/LoginForm";
import { PasswordForm } from "@/features/auth/components/PasswordForm";
import { failureOf, needsLogin } from "@/lib/api";
import { pages } from "@/lib/paths";
import { Failed, Skeleton } from "@/ui/Notice";

/** Asks who is there, and leads back to where that was asked. */
export function LoginPage() {
  const { from } = useSearch({ from: pages.login });
  const router = useRouter();
  const me = useMe();
  const [replaced, setReplaced] = useState(false);
  const isOneTime = me.data?.user.must_change_password === true;
  const isIn = me.data !== undefined && !isOneTime;

  useEffect(() => {
    if (isIn) router.history.replace(from ?? pages.overview);
  }, [isIn, from, router]);

  const body = () => {
    if (isOneTime) {
      return (
        <>
          <p className="login-note">This password was given to you by somebody else. Choose one of your own to go on.</p>
          <PasswordForm onDone={() => setReplaced(true)} />
        </>
      );
    }
    if (me.error !== null && !needsLogin(me.error)) return <Failed failure={failureOf(me.error) ?? { message: "no answer" }} onRetry={() => void me.refetch()} />;
    if (me.error === null) return <Skeleton rows={3} label="Asking who is there" />;
    return (
      <>
        {replaced && (
          <p className="login-note" role="status">
            The password is replaced. Log in with the new one.
          </p>
        )}
        <LoginForm />
      </>
    );
  };

  return (
    <main className="login">
      <title>Log in · Bartizan</title>
      <div className="login-card">
        <h1 className="brand">
          <svg viewBox="0 0 32 32" className="brand-mark" aria-hidden="true">
            <path d="M6 5h4.5v4h3V5h5v4h3V5H26v9l-2.5 2.5V27h-15V16.5L6 14z" />
          </svg>
          <span>Bartizan</span>
        </h1>
        {body()}
      </div>
    </main>
  );
}

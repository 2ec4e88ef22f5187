import { useMe } from "@/features/auth/api/useMe";
import { useLogout } from "@/features/auth/api/useLogout";
import { PasswordForm } from "@/features/auth/components/PasswordForm";
import { failureOf } from "@/lib/api";
import { Button } from "@/ui/Button";
import { FormFailure } from "@/ui/Field";
import { Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** Who is logged in, with the way out and another password. */
export function AccountPanel() {
  const me = useMe();
  const logout = useLogout();
  const failure = me.data === undefined ? failureOf(me.error) : null;
  const refusal = failureOf(logout.error);

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void me.refetch()} />;
    if (me.data === undefined) return <Skeleton rows={2} label="Asking who is there" />;
    const { user, scopes, kind, expires_at: end } = me.data;
    if (kind === "local") {
      return <p>Authentication is off: whoever reaches this server is its administrator. It listens on this machine alone, or was told to let everybody in (auth.mode).</p>;
    }
    return (
      <div className="form">
        <p>
          <strong>{user.username}</strong>, {user.role} ({scopes.join(", ")})
          {end != null && (
            <>
              ; without a request this session ends <TimeText instant={end} full />
            </>
          )}
        </p>
        {refusal !== null && <FormFailure>{refusal.message}</FormFailure>}
        <div>
          <Button icon="leave" disabled={logout.isPending} onClick={() => logout.mutate()}>
            Sign out
          </Button>
        </div>
      </div>
    );
  };

  return (
    <>
      <Panel title="Account">{body()}</Panel>
      {me.data?.kind === "session" && (
        <Panel title="Replace password" note="every session of yours ends, this one included">
          <PasswordForm />
        </Panel>
      )}
    </>
  );
}

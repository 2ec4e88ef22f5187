import { useLogout } from "@/features/auth/api/useLogout";
import { useMe } from "@/features/auth/api/useMe";
import { failureOf } from "@/lib/api";
import { IconButton } from "@/ui/Button";

/** Ends the session; not there where nobody had to log in. */
export function SignOut() {
  const { data: me } = useMe();
  const logout = useLogout();
  if (me?.kind !== "session") return null;
  const failure = failureOf(logout.error);
  const label = failure === null ? `Sign out ${me.user.username}` : `Sign out again: ${failure.message}`;
  return <IconButton icon="leave" label={label} disabled={logout.isPending} onClick={() => logout.mutate()} />;
}

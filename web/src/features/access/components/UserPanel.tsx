import "./access.css";

import { type SubmitEvent, useState } from "react";

import { useAddUser } from "@/features/access/api/useAddUser";
import { useChangeUser } from "@/features/access/api/useChangeUser";
import { useDeleteUser } from "@/features/access/api/useDeleteUser";
import { useUsers } from "@/features/access/api/useUsers";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { QueryBody } from "@/features/access/components/QueryBody";
import { failureOf } from "@/lib/api";
import type { User } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Choice, Field, FormFailure } from "@/ui/Field";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

const ROLES = [
  { value: "viewer", text: "viewer: sees" },
  { value: "operator", text: "operator: also acts on alerts and checks" },
  { value: "admin", text: "admin: also changes thresholds, users and tokens" },
];

/** Everybody with an account, and a form for one more. */
export function UserPanel() {
  const users = useUsers();
  const change = useChangeUser();
  const remove = useDeleteUser();
  const failure = failureOf(change.error ?? remove.error);
  const busy = change.isPending || remove.isPending;

  const columns: Column<User>[] = [
    { key: "name", head: "Name", cell: ({ username }) => username, grow: true },
    { key: "email", head: "Email", cell: ({ email }) => email, from: "md" },
    { key: "role", head: "Role", cell: ({ role }) => role },
    { key: "state", head: "State", cell: (user) => <Badge tone={user.is_active ? "ok" : "neutral"}>{stateOf(user)}</Badge>, from: "sm" },
    { key: "login", head: "Last login", cell: ({ last_login: at }) => (at == null ? <span className="muted">never</span> : <TimeText instant={at} />), from: "md" },
    {
      key: "actions",
      head: "Actions",
      align: "right",
      cell: ({ id, username, is_active: isActive }) => (
        <span className="access-actions">
          <Button look="quiet" disabled={busy} aria-label={`${isActive ? "Disable" : "Enable"} ${username}`} onClick={() => change.mutate({ id, is_active: !isActive })}>
            {isActive ? "Disable" : "Enable"}
          </Button>
          <ConfirmButton text="Delete" question={`Delete ${username}`} disabled={busy} onConfirm={() => remove.mutate(id)} />
        </span>
      ),
    },
  ];

  return (
    <>
      <Panel title="Users" note="disabling ends logins and tokens at once">
        {failure !== null && <FormFailure>{failure.message}</FormFailure>}
        <QueryBody query={users} loading="Loading users">
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No users yet">Add one here, then set auth.mode to on.</Empty>
            ) : (
              <DataTable caption="Users" columns={columns} rows={rows} rowKey={({ id }) => id} />
            )
          }
        </QueryBody>
      </Panel>
      {users.data !== undefined && <AddUser />}
    </>
  );
}

function AddUser() {
  const add = useAddUser();
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState("viewer");
  const failure = failureOf(add.error);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const clear = () => [setUsername, setEmail, setPassword].forEach((set) => set(""));
    add.mutate({ username, email, password, role }, { onSuccess: clear });
  };

  return (
    <Panel title="Add a user">
      <form className="form" onSubmit={submit} aria-label="Add a user">
        <div className="form-row">
          <Field label="User name" value={username} onChange={(event) => setUsername(event.target.value)} maxLength={64} autoComplete="off" autoCapitalize="none" required />
          <Field label="Email" type="email" value={email} onChange={(event) => setEmail(event.target.value)} maxLength={254} autoComplete="off" required />
          <Field label="Password (at least 12 characters)" type="password" value={password} onChange={(event) => setPassword(event.target.value)} minLength={12} maxLength={256} autoComplete="new-password" required />
          <Choice label="Role" value={role} onChange={setRole} options={ROLES} />
          <Button type="submit" look="accent" disabled={add.isPending}>
            Add user
          </Button>
        </div>
        {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      </form>
    </Panel>
  );
}

function stateOf(user: User): string {
  if (!user.is_active) return "disabled";
  return user.must_change_password ? "one-time password" : "active";
}

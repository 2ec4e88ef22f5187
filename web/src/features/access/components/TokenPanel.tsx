import "./access.css";

import { type SubmitEvent, useState } from "react";

import { useAddToken } from "@/features/access/api/useAddToken";
import { useRevokeToken } from "@/features/access/api/useRevokeToken";
import { useTokens } from "@/features/access/api/useTokens";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { QueryBody } from "@/features/access/components/QueryBody";
import { failureOf } from "@/lib/api";
import type { NewToken, Token } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { type Column, DataTable } from "@/ui/DataTable";
import { Choice, Field, FormFailure } from "@/ui/Field";
import { Banner, Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

const DAY_MS = 86_400_000;

const SCOPES = [
  { value: "read", text: "read: sees" },
  { value: "operate", text: "operate: also acts on alerts, submits requests" },
  { value: "admin", text: "admin: also changes thresholds, users and tokens" },
];

const LIFETIMES = [
  { value: "30", text: "30 days" },
  { value: "90", text: "90 days" },
  { value: "365", text: "a year" },
  { value: "", text: "until it is revoked" },
];

/** Every token, and a form for one more, whose secret is shown once. */
export function TokenPanel() {
  const tokens = useTokens();
  const revoke = useRevokeToken();
  const [made, setMade] = useState<NewToken | null>(null);
  const failure = failureOf(revoke.error);

  const columns: Column<Token>[] = [
    { key: "name", head: "Name", cell: ({ name }) => name, grow: true },
    { key: "scope", head: "Scope", cell: ({ scope }) => scope },
    { key: "state", head: "State", cell: (token) => <Badge tone={stateOf(token) === "active" ? "ok" : "neutral"}>{stateOf(token)}</Badge>, from: "sm" },
    { key: "expires", head: "Expires", cell: ({ expires_at: at }) => <Moment at={at} />, from: "md" },
    { key: "used", head: "Last used", cell: ({ last_used_at: at }) => <Moment at={at} />, from: "md" },
    {
      key: "actions",
      head: "Actions",
      align: "right",
      cell: ({ id, name }) => (
        <span className="access-actions">
          <ConfirmButton text="Revoke" question={`Revoke ${name}`} disabled={revoke.isPending} onConfirm={() => revoke.mutate(id)} />
        </span>
      ),
    },
  ];

  return (
    <>
      {made !== null && <Secret token={made} onClose={() => setMade(null)} />}
      <Panel title="Tokens" note="what programs send as Authorization: Bearer">
        {failure !== null && <FormFailure>{failure.message}</FormFailure>}
        <QueryBody query={tokens} loading="Loading tokens">
          {(rows) => (rows.length === 0 ? <Empty title="No tokens yet">A program that asks the API needs one.</Empty> : <DataTable caption="Tokens" columns={columns} rows={rows} rowKey={({ id }) => id} />)}
        </QueryBody>
      </Panel>
      {tokens.data !== undefined && <AddToken onMade={setMade} />}
    </>
  );
}

function Secret({ token, onClose }: { token: NewToken; onClose: () => void }) {
  return (
    <Banner tone="warn" action={<Button onClick={onClose}>I have kept it</Button>}>
      <p>
        Token <strong>{token.name}</strong>. It is shown this once; only a hash of it is kept.
      </p>
      <p className="access-secret">
        <code className="mono">{token.token}</code>
        <CopyButton text={token.token} label="Copy" />
      </p>
    </Banner>
  );
}

function AddToken({ onMade }: { onMade: (token: NewToken) => void }) {
  const add = useAddToken();
  const [name, setName] = useState("");
  const [scope, setScope] = useState("read");
  const [days, setDays] = useState("90");
  const failure = failureOf(add.error);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const end = days === "" ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
    add.mutate(
      { name, scope, ...end },
      {
        onSuccess: ({ data }) => {
          onMade(data);
          setName("");
        },
      },
    );
  };

  return (
    <Panel title="Add a token">
      <form className="form" onSubmit={submit} aria-label="Add a token">
        <div className="form-row">
          <Field label="Name: what it is for" value={name} onChange={(event) => setName(event.target.value)} maxLength={100} autoComplete="off" required />
          <Choice label="Scope" value={scope} onChange={setScope} options={SCOPES} />
          <Choice label="Valid for" value={days} onChange={setDays} options={LIFETIMES} />
          <Button type="submit" look="accent" disabled={add.isPending}>
            Add token
          </Button>
        </div>
        {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      </form>
    </Panel>
  );
}

function stateOf({ is_active: isActive, expires_at: end }: Token): string {
  if (!isActive) return "disabled";
  return end != null && Date.parse(end) <= Date.now() ? "expired" : "active";
}

function Moment({ at }: { at: string | null | undefined }) {
  return at == null ? <span className="muted">never</span> : <TimeText instant={at} />;
}

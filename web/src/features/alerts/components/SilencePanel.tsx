import "./alerts.css";

import { type SubmitEvent, useState } from "react";

import { useAddSilence } from "@/features/alerts/api/useAddSilence";
import { useEndSilence } from "@/features/alerts/api/useEndSilence";
import { useSilences } from "@/features/alerts/api/useSilences";
import { HOURS } from "@/features/alerts/components/SilenceDialog";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { CLASS_NAMES, className } from "@/lib/vocabulary";
import type { Silence } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Choice, Field, FormFailure } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** What raises no alert for a while, and a form for one more. */
export function SilencePanel({ mayAct }: { mayAct: boolean }) {
  const silences = useSilences();
  const end = useEndSilence();
  const refused = failureOf(end.error);

  const columns: Column<Silence>[] = [
    { key: "what", head: "Holds back", cell: (silence) => <span title={silence.reason ?? undefined}>{whatOf(silence)}</span>, grow: true },
    { key: "state", head: "State", cell: ({ is_active: is }) => <Badge tone={is ? "warn" : "neutral"}>{is ? "quiet" : "over"}</Badge> },
    { key: "until", head: "Until", cell: ({ expires_at: at }) => (at === null ? "ended by hand" : <TimeText instant={at} />), from: "sm" },
    { key: "hits", head: "Held back", align: "right", cell: ({ hits }) => count(hits) },
    { key: "by", head: "By", cell: ({ created_by: by }) => by, from: "md" },
    { key: "why", head: "Why", cell: ({ reason }) => reason ?? "", from: "lg" },
    ...(mayAct
      ? [
          {
            key: "end",
            head: "Actions",
            align: "right" as const,
            cell: (silence: Silence) => (
              <Button look="quiet" disabled={end.isPending} aria-label={`End the silence of ${whatOf(silence)}`} onClick={() => end.mutate({ silence: silence.id, alerts: [] })}>
                End
              </Button>
            ),
          },
        ]
      : []),
  ];

  return (
    <>
      <Panel title="Silences" note="threats are recorded all the same">
        {refused !== null && <FormFailure>{refused.message}</FormFailure>}
        <Loaded data={silences.data} failure={failureOf(silences.error)} onRetry={() => void silences.refetch()} label="Loading silences">
          {(rows) => (rows.length === 0 ? <Empty title="Nothing is silenced">Silence an alert in the list of active ones, or everything that matches below.</Empty> : <DataTable caption="Silences" columns={columns} rows={rows} rowKey={({ id }) => id} />)}
        </Loaded>
      </Panel>
      {mayAct && <AddSilence />}
    </>
  );
}

function AddSilence() {
  const add = useAddSilence();
  const [threatClass, setClass] = useState("");
  const [ip, setIp] = useState("");
  const [host, setHost] = useState("");
  const [hours, setHours] = useState("24");
  const [reason, setReason] = useState("");
  const failure = failureOf(add.error);
  const given = (text: string) => (text.trim() === "" ? undefined : text.trim());

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const clear = () => [setClass, setIp, setHost, setReason].forEach((set) => set(""));
    add.mutate({ filter: { class: given(threatClass), ip: given(ip), host: given(host) }, hours: Number(hours), reason: given(reason) }, { onSuccess: clear });
  };

  return (
    <Panel title="Silence what matches" note="every field that is filled in has to match">
      <form className="form" onSubmit={submit} aria-label="Silence what matches">
        <div className="form-row">
          <Choice label="Class" value={threatClass} onChange={setClass} options={[{ value: "", text: "any" }, ...CLASS_NAMES.map((value) => ({ value, text: className(value) }))]} />
          <Field label="Client" placeholder="198.51.100.7 or 198.51.100.0/24" value={ip} onChange={(event) => setIp(event.target.value)} autoComplete="off" spellCheck={false} />
          <Field label="Site" placeholder="shop.example.com" value={host} onChange={(event) => setHost(event.target.value)} autoComplete="off" spellCheck={false} />
          <Choice label="For" value={hours} onChange={setHours} options={HOURS} />
          <Field label="Why (optional)" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={1000} autoComplete="off" />
          <Button type="submit" look="accent" disabled={add.isPending}>
            Silence
          </Button>
        </div>
        {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      </form>
    </Panel>
  );
}

/** What a silence holds back, in words. */
function whatOf({ class: threatClass, ip, host, source, key }: Silence): string {
  const parts = [threatClass === null ? null : className(threatClass), ip, host, source, key === null ? null : `cause ${key}`].filter((part) => part !== null);
  return parts.join(" · ");
}

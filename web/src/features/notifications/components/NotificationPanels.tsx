import { useChannels } from "@/features/notifications/api/useChannels";
import { useDeliveries } from "@/features/notifications/api/useDeliveries";
import { useTestChannel } from "@/features/notifications/api/useTestChannel";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import type { Channel, Delivery } from "@/lib/wire";
import { Badge, SeverityBadge, type Tone } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { FormFailure } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import { Banner, Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

const STATES: Record<string, Tone> = { sent: "ok", failed: "bad", unknown: "warn" };

/** The channels that alerts go through, each with a test, and what became of the messages. */
export function NotificationPanels() {
  return (
    <>
      <Channels />
      <Deliveries />
    </>
  );
}

function Channels() {
  const channels = useChannels();
  const test = useTestChannel();
  const failure = failureOf(test.error);

  const columns: Column<Channel>[] = [
    { key: "name", head: "Channel", cell: ({ name }) => name, grow: true },
    { key: "kind", head: "Kind", cell: ({ kind }) => kind },
    { key: "severity", head: "From", cell: ({ min_severity: severity }) => <SeverityBadge severity={severity} />, from: "sm" },
    { key: "sent", head: "Sent", align: "right", cell: ({ sent }) => count(sent), from: "sm" },
    { key: "pending", head: "Waiting", align: "right", cell: ({ pending }) => count(pending), from: "md" },
    { key: "failed", head: "Given up", align: "right", cell: ({ failed }) => count(failed), from: "md" },
    {
      key: "test",
      head: "Test",
      align: "right",
      cell: ({ name }) => (
        <Button disabled={test.isPending} onClick={() => test.mutate(name)} aria-label={`Send a test through ${name}`}>
          Send a test
        </Button>
      ),
    },
  ];

  return (
    <Panel title="Channels" note="messages of the last day">
      {failure !== null && <FormFailure>{failure.message}</FormFailure>}
      {test.data !== undefined && <TestResult delivery={test.data} />}
      <Loaded data={channels.data} failure={failureOf(channels.error)} onRetry={() => void channels.refetch()} label="Loading channels">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="Nobody is told of alerts">
              Webhooks, mail and syslog are set under <code className="mono">notifications</code> in the configuration file; the chapter on notifications in the book has examples.
            </Empty>
          ) : (
            <DataTable caption="Channels" columns={columns} rows={rows} rowKey={({ name }) => name} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function TestResult({ delivery }: { delivery: Delivery }) {
  const arrived = delivery.state === "sent";
  return (
    <Banner tone={arrived ? "info" : "warn"}>
      {arrived ? `The test through ${delivery.channel} arrived.` : `The test through ${delivery.channel} did not arrive: ${delivery.last_error ?? delivery.state}`}
    </Banner>
  );
}

function Deliveries() {
  const deliveries = useDeliveries();
  const columns: Column<Delivery>[] = [
    { key: "time", head: "Time", cell: ({ created_at: at }) => <TimeText instant={at} /> },
    { key: "channel", head: "Channel", cell: ({ channel }) => channel },
    { key: "occasion", head: "Occasion", cell: ({ occasion }) => occasion, from: "sm" },
    { key: "cause", head: "Cause", grow: true, cell: ({ cause }) => <span className="mono">{cause}</span>, from: "md" },
    { key: "state", head: "State", cell: ({ state, last_error: error }) => <Badge tone={STATES[state] ?? "neutral"} {...(error === null ? {} : { title: error })}>{state}</Badge> },
    { key: "attempts", head: "Tries", align: "right", cell: ({ attempts }) => count(attempts), from: "sm" },
  ];
  return (
    <Panel title="Deliveries" note="the newest 50">
      <Loaded data={deliveries.data} failure={failureOf(deliveries.error)} onRetry={() => void deliveries.refetch()} label="Loading deliveries">
        {(rows) => (rows.length === 0 ? <Empty title="No message was sent yet" /> : <DataTable caption="Deliveries" columns={columns} rows={rows} rowKey={({ id, created_at: at }) => `${id} ${at}`} />)}
      </Loaded>
    </Panel>
  );
}

import type { ReactNode } from "react";

import { useStorage } from "@/features/storage/api/useStorage";
import { failureOf } from "@/lib/api";
import { bytes, count, decimal } from "@/lib/format";
import type { Storage } from "@/lib/wire";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** How long everything is kept, what the database takes, and what it will take. */
export function StoragePanel() {
  const storage = useStorage();
  return (
    <>
      <Panel title="Retention" note="retention in the configuration file">
        <Loaded data={storage.data} failure={failureOf(storage.error)} onRetry={() => void storage.refetch()} label="Loading retention" rows={7}>
          {({ retention }) => (
            <Facts
              caption="Days that rows are kept"
              facts={[
                ["Requests", days(retention.traffic_days)],
                ["Threats", days(retention.threats_days)],
                ["Alerts", days(retention.alerts_days)],
                ["Metrics", days(retention.metrics_days)],
              ]}
            />
          )}
        </Loaded>
      </Panel>
      <Panel title="Storage" note="forecast: every day like the last 24 hours">
        <Loaded data={storage.data} failure={failureOf(storage.error)} onRetry={() => void storage.refetch()} label="Loading the size of the database" rows={14}>
          {(found) => <Facts caption="Size of the database" facts={roomOf(found)} />}
        </Loaded>
      </Panel>
    </>
  );
}

type Fact = [string, ReactNode];

function roomOf(storage: Storage): Fact[] {
  return [
    ["Database now", bytes(storage.used_bytes)],
    ["Database to be expected", storage.expected_bytes === null ? "unknown yet" : bytes(storage.expected_bytes)],
    ["Limit", storage.max_bytes === null ? "none" : bytes(storage.max_bytes)],
    ["Free on its disk", storage.disk_free_bytes === null ? "unknown: it is on another machine" : bytes(storage.disk_free_bytes)],
    ["Requests kept", count(storage.traffic_rows)],
    ["Requests of the last 24 hours", count(storage.requests_per_day)],
    ["Bytes per request", storage.bytes_per_request === null ? "unknown yet" : `${decimal(storage.bytes_per_request, 0)} B`],
    ["Days of requests that fit", storage.days_that_fit === null ? "unknown yet" : decimal(storage.days_that_fit, 1)],
    ["Oldest request", storage.oldest_traffic === null ? "none" : <TimeText instant={storage.oldest_traffic} />],
  ];
}

function Facts({ caption, facts }: { caption: string; facts: Fact[] }) {
  return (
    <DataTable
      caption={caption}
      columns={[
        { key: "name", head: "What", cell: ([name]: Fact) => name },
        { key: "value", head: "Figure", grow: true, cell: ([, value]: Fact) => value },
      ]}
      rows={facts}
      rowKey={([name]) => name}
    />
  );
}

function days(value: number): string {
  return value === 1 ? "1 day" : `${count(value)} days`;
}

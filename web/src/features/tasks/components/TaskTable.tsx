import { useRunTask } from "@/features/tasks/api/useRunTask";
import { useTasks } from "@/features/tasks/api/useTasks";
import { failureOf } from "@/lib/api";
import { count, duration, milliseconds } from "@/lib/format";
import type { Task } from "@/lib/wire";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Banner } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** What runs beside the requests, when it last ran, and how that ended. */
export function TaskTable() {
  const tasks = useTasks();
  const run = useRunTask();
  const failure = failureOf(run.error);
  const columns: Column<Task>[] = [
    { key: "name", head: "Task", grow: true, cell: ({ about, name }) => <span title={name}>{about}</span> },
    { key: "state", head: "State", cell: ({ state }) => <Badge tone={state === "backing_off" ? "bad" : state === "running" ? "accent" : "neutral"}>{state.replace("_", " ")}</Badge> },
    { key: "every", head: "Every", align: "right", from: "sm", cell: ({ every_s: every }) => duration(every) },
    { key: "last", head: "Last run", align: "right", from: "md", cell: ({ last_run: last }) => (last === null ? "not yet" : <TimeText instant={last} />) },
    { key: "took", head: "Took", align: "right", from: "sm", cell: ({ duration_ms: took }) => milliseconds(took) },
    { key: "runs", head: "Runs", align: "right", from: "lg", cell: ({ runs }) => count(runs) },
    { key: "failures", head: "Failed", align: "right", cell: ({ failures, last_error: error }) => <span title={error ?? undefined}>{count(failures)}</span> },
    { key: "run", head: "Run", align: "right", cell: ({ name, about }) => <IconButton icon="refresh" label={`Run now: ${about}`} disabled={run.isPending} onClick={() => run.mutate(name)} /> },
  ];
  return (
    <Panel title="Background tasks" note="since the server started">
      {failure !== null && <Banner tone="warn">{failure.message}</Banner>}
      <Loaded data={tasks.data} failure={failureOf(tasks.error)} onRetry={() => void tasks.refetch()} label="Loading tasks">
        {(rows) => <DataTable caption="Background tasks" columns={columns} rows={rows} rowKey={({ name }) => name} />}
      </Loaded>
    </Panel>
  );
}

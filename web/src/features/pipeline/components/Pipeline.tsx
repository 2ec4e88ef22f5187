import "./pipeline.css";

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { count, decimal, duration, microseconds, NONE } from "@/lib/format";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Metrics, Source } from "@/lib/wire";
import { Button } from "@/ui/Button";
import type { Failure } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { RequestId } from "@/ui/RequestId";

interface PipelineProps {
  sources: readonly Source[] | undefined;
  metrics: Metrics | undefined;
  /** Why one of them is not there. */
  failure: Failure | null;
  onRetry: () => void;
}

/** The way of a line through the server, with the figure that tells how each stage does. */
export function Pipeline({ sources, metrics, failure, onRetry }: PipelineProps) {
  const { search } = useSearchState();
  const stages: { name: string; value: string | undefined; note: ReactNode }[] = [
    {
      name: "Read",
      value: sources === undefined ? undefined : `${decimal(sources.reduce((sum, { lines_per_second: rate }) => sum + rate, 0), 1)} lines/s`,
      note: (
        <Link to={pages.sources} search={withoutFilters(search)}>
          {sources === undefined ? "log sources" : `${count(sources.length)} log ${sources.length === 1 ? "source" : "sources"}`}
        </Link>
      ),
    },
    { name: "Wait", value: metrics === undefined ? undefined : metrics.ingest_lag_s === null ? NONE : duration(metrics.ingest_lag_s), note: "age of the newest line when judged" },
    { name: "Judge", value: metrics === undefined ? undefined : judged(metrics.judge_p99_us), note: "p99 of one request, last 5 min" },
    {
      name: "Keep",
      value: metrics === undefined ? undefined : `${count(metrics.total_requests)} per min`,
      note: (
        <Link to={pages.traffic} search={{ range: "15m" }}>
          the latest complete minute
        </Link>
      ),
    },
    { name: "Show", value: metrics === undefined ? undefined : count(metrics.activeConnections), note: "open live connections" },
  ];
  return (
    <Panel title="Pipeline" note="now">
      <ol className="pipeline">
        {stages.map(({ name, value, note }) => (
          <li key={name}>
            <span className="muted">{name}</span>
            <span className="pipeline-value">{value ?? (failure === null ? "…" : "unknown")}</span>
            <span className="pipeline-note">{note}</span>
          </li>
        ))}
      </ol>
      {failure !== null && (
        <p className="pipeline-failure" role="alert">
          <span>
            Not all figures are known: {failure.message}
            <RequestId id={failure.requestId} />
          </span>
          <Button icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        </p>
      )}
    </Panel>
  );
}

/** A time of 0 says that nothing was judged (API.md 4.1). */
function judged(us: number): string {
  return us === 0 ? NONE : microseconds(us);
}

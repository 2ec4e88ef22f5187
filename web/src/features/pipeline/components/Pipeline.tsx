import "./pipeline.css";

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { count, decimal, duration, microseconds } from "@/lib/format";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Metrics, Source } from "@/lib/wire";
import { Panel } from "@/ui/Panel";

/** The way of a line through the server, with the figure that tells how each stage does. */
export function Pipeline({ sources, metrics }: { sources: readonly Source[] | undefined; metrics: Metrics | undefined }) {
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
    { name: "Wait", value: metrics === undefined ? undefined : metrics.ingest_lag_s === null ? "–" : duration(metrics.ingest_lag_s), note: "age of the newest line when judged" },
    { name: "Judge", value: metrics === undefined ? undefined : microseconds(metrics.judge_p99_us), note: "p99 of one request, last 5 min" },
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
            <span className="pipeline-value">{value ?? "…"}</span>
            <span className="pipeline-note">{note}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

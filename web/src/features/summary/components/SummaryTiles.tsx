import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useHistory } from "@/features/summary/api/useHistory";
import { useMetrics } from "@/features/summary/api/useMetrics";
import { useSummary } from "@/features/summary/api/useSummary";
import { failureOf } from "@/lib/api";
import { change, count, decimal, inOneUnit, percent } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { type Filters, rowsBehind, withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Summary } from "@/lib/wire";
import { Failed } from "@/ui/Notice";
import { Tile } from "@/ui/Tile";

/** The figures at the head of the overview, each a link to its rows. */
export function SummaryTiles() {
  const { search, window } = useSearchState();
  const summary = useSummary(window);
  const metrics = useMetrics();
  const history = useHistory(window);
  const failure = summary.data === undefined ? failureOf(summary.error) : null;
  if (failure !== null) {
    return (
      <div className="tiles-failed">
        <Failed failure={failure} onRetry={() => void summary.refetch()} />
      </div>
    );
  }

  const now = summary.data?.data;
  const points = history.data;
  const range = rangeText(search);
  const inline = (now?.enforced_requests ?? 0) > 0;

  const toTraffic = (filters: Filters) => (content: ReactNode) => (
    <Link to={pages.traffic} search={rowsBehind(search, filters)}>
      {content}
    </Link>
  );
  const toThreats = (content: ReactNode) => (
    <Link to={pages.threats} search={withoutFilters(search)}>
      {content}
    </Link>
  );
  const toSources = (content: ReactNode) => (
    <Link to={pages.sources} search={withoutFilters(search)}>
      {content}
    </Link>
  );
  // The figures of this moment come by themselves, and from somewhere else than those of the range.
  const unknown = metrics.data === undefined ? failureOf(metrics.error) : null;
  const live = (note: string) => (unknown === null ? note : `unknown: ${unknown.message}`);
  const value = (figure: number | undefined, text: (figure: number) => string) => (figure === undefined ? undefined : text(figure));

  return (
    <div className="tiles">
      <Tile
        label="Requests"
        value={value(now?.total_requests, count)}
        isLoading={summary.isPending}
        note={range}
        change={moved(now, (each) => each.total_requests, "plain")}
        spark={points?.map((point) => point.requests)}
        link={toTraffic({})}
      />
      <Tile
        label={inline ? "Blocked" : "Would be blocked"}
        value={value(inline ? now?.enforced_requests : now?.blocked_requests, count)}
        isLoading={summary.isPending}
        tone={(now?.blocked_requests ?? 0) > 0 ? "bad" : undefined}
        note={inline && now !== undefined ? `${count(now.blocked_requests - now.enforced_requests)} more would be` : range}
        change={moved(now, (each) => (inline ? each.enforced_requests : each.blocked_requests), "bad")}
        spark={points?.map((point) => (inline ? point.enforced : point.blocked))}
        link={toTraffic(inline ? { action: "block", enforced: "true" } : { action: "block" })}
      />
      <Tile
        label="Flagged"
        value={value(now?.flagged_requests, count)}
        isLoading={summary.isPending}
        tone={(now?.flagged_requests ?? 0) > 0 ? "warn" : undefined}
        note={range}
        change={moved(now, (each) => each.flagged_requests, "bad")}
        spark={points?.map((point) => point.flagged)}
        link={toTraffic({ action: "flag" })}
      />
      <Tile
        label="Attack rate"
        value={value(now?.attack_rate, (rate) => decimal(rate, 2))}
        isLoading={summary.isPending}
        unit="% of requests"
        note={range}
        change={movedRate(now)}
        spark={points?.map((point) => point.attackRate)}
        link={toTraffic({ action: "block" })}
      />
      <Tile
        label="Threats"
        value={value(metrics.data?.threatsPerMinute, (rate) => decimal(rate, 1))}
        isLoading={metrics.isPending}
        unit="per min"
        note={live("last 5 minutes")}
        spark={points?.map((point) => point.threatsPerMinute)}
        link={toThreats}
      />
      <Tile
        label="Response time"
        value={metrics.data === undefined || metrics.data.response_samples === 0 ? undefined : decimal(metrics.data.responseTime, 1)}
        isLoading={metrics.isPending}
        unit="ms mean"
        note={metrics.data?.response_samples === 0 ? "none in the last 5 min" : live("last 5 minutes")}
        spark={points?.map((point) => point.responseTime)}
        link={toTraffic({})}
      />
      <Tile
        label="Ingest lag"
        value={metrics.data?.ingest_lag_s == null ? undefined : inOneUnit(metrics.data.ingest_lag_s).value}
        isLoading={metrics.isPending}
        unit={metrics.data?.ingest_lag_s == null ? undefined : inOneUnit(metrics.data.ingest_lag_s).unit}
        note={live("age of the newest line")}
        spark={points?.map((point) => point.ingest_lag_s ?? null)}
        link={toSources}
      />
    </div>
  );
}

type Counts = Pick<Summary, "total_requests" | "blocked_requests" | "flagged_requests" | "enforced_requests">;

function moved(summary: Summary | undefined, pick: (counts: Counts) => number, growth: "bad" | "plain") {
  const before = summary?.previous;
  if (summary === undefined || before == null) return undefined;
  const { direction, text } = change(pick(summary), pick(before));
  const tone = growth === "plain" || direction === "same" || before.total_requests === 0 ? "plain" : direction === "down" ? "good" : "bad";
  return { text, tone, title: `${count(pick(before))} in the period before` } as const;
}

function movedRate(summary: Summary | undefined) {
  const before = summary?.previous;
  if (summary === undefined || before == null) return undefined;
  if (before.total_requests === 0) return { text: "none before", tone: "plain", title: "No requests in the period before" } as const;
  const points = summary.attack_rate - before.attack_rate;
  if (points === 0) return { text: "unchanged", tone: "plain", title: `${percent(before.attack_rate)} in the period before` } as const;
  return {
    text: `${points > 0 ? "+" : "−"}${decimal(Math.abs(points), 2)} points`,
    tone: points > 0 ? "bad" : "good",
    title: `${percent(before.attack_rate)} in the period before`,
  } as const;
}

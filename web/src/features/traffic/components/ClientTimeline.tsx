import "./timeline.css";

import { Link } from "@tanstack/react-router";

import { AROUND_MS, NEIGHBOURS, useClientRequests } from "@/features/traffic/api/useClientRequests";
import { failureOf } from "@/lib/api";
import { count, score } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rowsBehind } from "@/lib/search";
import { fullTime, shortTime } from "@/lib/time";
import { useSearchState } from "@/lib/useSearchState";
import { actionText } from "@/lib/vocabulary";
import type { Traffic } from "@/lib/wire";
import { Loaded } from "@/ui/Loaded";

const MINUTES = AROUND_MS / 60_000;

/** What the same client asked for before and after: each request a tick on a line of time, and a row of the list below. */
export function ClientTimeline({ ip, instant, id }: { ip: string; instant: string; id: number }) {
  const around = useClientRequests(ip, instant);
  return (
    <section className="block" aria-label="The client's other requests">
      <header className="block-head">
        <h3>The client's other requests</h3>
        <span className="muted">
          {ip}, {MINUTES} minutes before and after
        </span>
      </header>
      <Loaded data={around.data} failure={failureOf(around.error)} onRetry={() => void around.refetch()} label="Loading the client's requests" rows={2}>
        {({ rows, isMoreBefore, isMoreAfter }) =>
          rows.length <= 1 ? (
            <p className="muted timeline-note">None within {MINUTES} minutes.</p>
          ) : (
            <>
              <Line rows={rows} id={id} />
              <List rows={rows} id={id} />
              {(isMoreBefore || isMoreAfter) && (
                <p className="muted timeline-note">
                  The nearest {NEIGHBOURS} on either side; there are more {[isMoreBefore ? "before" : "", isMoreAfter ? "after" : ""].filter(Boolean).join(" and ")}.
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Line({ rows, id }: { rows: readonly Traffic[]; id: number }) {
  const times = rows.map(({ timestamp }) => Date.parse(timestamp));
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  return (
    <div className="timeline">
      <svg className="timeline-line" viewBox="0 0 1000 32" preserveAspectRatio="none" aria-hidden="true">
        {rows.map((row) => {
          const x = 5 + ((Date.parse(row.timestamp) - first) / span) * 990;
          return <line key={row.id} x1={x} x2={x} y1={row.id === id ? 0 : 10} y2={32} className={`tick tick-${row.action} ${row.id === id ? "tick-this" : ""}`} />;
        })}
      </svg>
      <div className="timeline-ends muted" aria-hidden="true">
        <span>{shortTime(rows[0]?.timestamp ?? "")}</span>
        <span>{shortTime(rows.at(-1)?.timestamp ?? "")}</span>
      </div>
    </div>
  );
}

function List({ rows, id }: { rows: readonly Traffic[]; id: number }) {
  const { search } = useSearchState();
  return (
    <details className="timeline-list">
      <summary>{count(rows.length)} requests, oldest first</summary>
      <ol>
        {rows.map((row) => (
          <li key={row.id} aria-current={row.id === id ? "true" : undefined}>
            <time dateTime={row.timestamp} title={fullTime(row.timestamp)}>
              {shortTime(row.timestamp)}
            </time>
            <Link to={pages.trafficRow} params={{ id: String(row.id) }} search={rowsBehind(search, {})} className="mono timeline-request">
              {row.method} {row.endpoint}
            </Link>
            <span className={`timeline-action tick-text-${row.action}`}>
              {actionText(row.action, row.enforced)} {score(row.score)}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

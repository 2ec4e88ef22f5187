import { Link } from "@tanstack/react-router";

import { count, score } from "@/lib/format";
import { pages } from "@/lib/paths";
import { type Filters, rowsBehind } from "@/lib/search";
import { fullTime } from "@/lib/time";
import { useSearchState } from "@/lib/useSearchState";
import type { Traffic, WhatIf } from "@/lib/wire";
import { TimeText } from "@/ui/TimeText";

/** How many stored requests would change, of whom, and which. */
export function WhatIfAnswer({ answer, isOld }: { answer: WhatIf; isOld: boolean }) {
  const changed = answer.newly_blocked + answer.newly_allowed;
  return (
    <div className={isOld ? "list-old" : ""} aria-busy={isOld}>
      <p className="trial-sum" role="status">
        {changed === 0 ? (
          `No stored request would be judged otherwise at ${answer.threshold.toFixed(2)}.`
        ) : (
          <>
            <strong>{count(changed)}</strong> {changed === 1 ? "request" : "requests"} {answer.newly_blocked > 0 ? "more would be blocked" : "would not be blocked any more"} at {answer.threshold.toFixed(2)}.
          </>
        )}
      </p>
      {answer.examined_from !== null && (
        <p className="muted">
          Only the newest {count(answer.examined)} requests of a score from 0.1 on were looked at, back to {fullTime(answer.examined_from)}.
        </p>
      )}
      {changed > 0 && (
        <>
          <div className="trial-groups">
            <Groups title="By path" groups={answer.paths} filter="endpoint" />
            <Groups title="By client" groups={answer.clients} filter="ip" />
          </div>
          <Samples rows={answer.samples} all={changed} />
        </>
      )}
    </div>
  );
}

function Groups({ title, groups, filter }: { title: string; groups: WhatIf["paths"]; filter: keyof Filters & ("endpoint" | "ip") }) {
  const { search } = useSearchState();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ol className="trial-group">
        {groups.map(({ value, requests }) => (
          <li key={value}>
            <Link to={pages.traffic} search={rowsBehind(search, { [filter]: value })} className="mono trial-name" title={value}>
              {value}
            </Link>
            <span>{count(requests)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Samples({ rows, all }: { rows: readonly Traffic[]; all: number }) {
  const { search } = useSearchState();
  return (
    <section aria-label="Samples">
      <h3>{rows.length < all ? `The newest ${rows.length}` : "All of them"}</h3>
      <ol className="trial-samples">
        {rows.map((row) => (
          <li key={row.id}>
            <TimeText instant={row.timestamp} />
            <Link to={pages.trafficRow} params={{ id: String(row.id) }} search={rowsBehind(search, {})} className="mono trial-name" title={row.endpoint}>
              {row.method} {row.endpoint}
            </Link>
            <span className="muted">{score(row.score)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

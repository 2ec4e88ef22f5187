import "./security.css";

import { Link } from "@tanstack/react-router";

import { useSecurityScore } from "@/features/security/api/useSecurityScore";
import { STATES } from "@/features/security/components/checkState";
import { failureOf } from "@/lib/api";
import { count, decimal } from "@/lib/format";
import { pages } from "@/lib/paths";
import { CHECK_FILTERS, withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Compliance } from "@/lib/wire";
import { Loaded } from "@/ui/Loaded";
import { Panel } from "@/ui/Panel";

/** What the checks add up to, and how many there are of each status. */
export function ScorePanel() {
  const score = useSecurityScore();
  return (
    <Panel title="Score" note="0 to 100 · now">
      <Loaded data={score.data} failure={failureOf(score.error)} onRetry={() => void score.refetch()} label="Loading score">
        {(sum) => <ScoreBody sum={sum} />}
      </Loaded>
    </Panel>
  );
}

function ScoreBody({ sum }: { sum: Compliance }) {
  const { search } = useSearchState();
  const tone = sum.failed > 0 ? "bad" : sum.warnings > 0 ? "warn" : "ok";
  const counts = { fail: sum.failed, warning: sum.warnings, pass: sum.passed };
  return (
    <div className="score">
      <p className="score-figure">
        <span className={`score-value score-${tone}`}>{decimal(sum.score, 1)}</span>
        <span className="muted"> of 100</span>
      </p>
      <p className="muted">
        A check that passed counts 1, a warning ½. By weight of the checks: <strong>{decimal(sum.weighted_score, 1)}</strong>.
      </p>
      <ul className="score-counts">
        {CHECK_FILTERS.map((status) => (
          <li key={status}>
            <Link
              to={pages.security}
              search={{ ...withoutFilters(search), check: search.check === status ? undefined : status }}
              className="score-count"
              aria-current={search.check === status ? "true" : undefined}
            >
              <span className={`score-count-value ${counts[status] > 0 ? `score-${STATES[status].tone}` : ""}`}>{count(counts[status])}</span>
              <span>{STATES[status].text.toLowerCase()}</span>
            </Link>
          </li>
        ))}
        <li>
          <Link to={pages.security} search={withoutFilters(search)} className="score-count" aria-current={search.check === undefined ? "true" : undefined}>
            <span className="score-count-value">{count(sum.total)}</span>
            <span>in all</span>
          </Link>
        </li>
      </ul>
    </div>
  );
}

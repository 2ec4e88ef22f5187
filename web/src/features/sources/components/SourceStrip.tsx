import "./sources.css";

import { Link } from "@tanstack/react-router";

import { useSources } from "@/features/sources/api/useSources";
import { lagText, SourceBadge } from "@/features/sources/components/sourceState";
import { failureOf } from "@/lib/api";
import { count, decimal } from "@/lib/format";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** The log sources in one line each. */
export function SourceStrip() {
  const { search } = useSearchState();
  const sources = useSources();
  const failure = sources.data === undefined ? failureOf(sources.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void sources.refetch()} />;
    if (sources.data === undefined) return <Skeleton rows={2} label="Loading sources" />;
    if (sources.data.length === 0) {
      return (
        <p className="strip-empty">
          No log is read. Start with <code className="mono">bartizan serve --log FILE</code>.
        </p>
      );
    }
    return (
      <ul className="strip">
        {sources.data.map((source) => (
          <li key={source.name}>
            <Link to={pages.sources} search={withoutFilters(search)} className="strip-source">
              <SourceBadge source={source} />
              <span className="strip-name">{source.name}</span>
              <span className="muted">
                {decimal(source.lines_per_second, 1)} lines/s · {count(source.parsed)} read ·{" "}
                <span className={source.failed > 0 ? "strip-failed" : ""}>{count(source.failed)} unreadable</span> · lag {lagText(source)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    );
  };

  return (
    <Panel title="Sources" note="since the database was made">
      {body()}
    </Panel>
  );
}

import "./pages.css";

import { useSources } from "@/features/sources/api/useSources";
import { SourcePanel } from "@/features/sources/components/SourcePanel";
import { SourceTable } from "@/features/sources/components/SourceTable";
import { failureOf } from "@/lib/api";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** What is read, how far, and what could not be. */
export function SourcesPage() {
  const sources = useSources();
  const failure = sources.data === undefined ? failureOf(sources.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void sources.refetch()} />;
    if (sources.data === undefined) return <Skeleton rows={4} label="Loading sources" />;
    if (sources.data.length === 0) {
      return (
        <Empty title="No log is read">
          Start the server with a log: <code className="mono">bartizan serve --log /var/log/nginx/access.log</code>
        </Empty>
      );
    }
    return <SourceTable sources={sources.data} />;
  };

  return (
    <div className="page">
      <Panel title="Log sources" note="counts since the database was made; lines per second over the last 10 s">
        {body()}
      </Panel>
      {sources.data?.map((source) => <SourcePanel key={source.name} source={source} />)}
    </div>
  );
}

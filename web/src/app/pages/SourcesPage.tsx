import "./pages.css";

import { AddSourcePanel } from "@/app/pages/AddSourcePanel";
import { useMe } from "@/features/auth/api/useMe";
import { useSources } from "@/features/sources/api/useSources";
import { SourcePanel } from "@/features/sources/components/SourcePanel";
import { SourceTable } from "@/features/sources/components/SourceTable";
import { useSystemInfo } from "@/features/system/api/useSystemInfo";
import { failureOf } from "@/lib/api";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** What is read, how far, and what could not be. */
export function SourcesPage() {
  const sources = useSources();
  const { data: me } = useMe();
  const { data: info } = useSystemInfo();
  const isAdmin = me?.scopes.includes("admin") ?? false;
  const failure = sources.data === undefined ? failureOf(sources.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void sources.refetch()} />;
    if (sources.data === undefined) return <Skeleton rows={4} label="Loading sources" />;
    if (sources.data.length === 0) {
      return (
        <Empty title="No log is read">
          Add one below, name it under <code className="mono">sources</code> in the configuration, or start the server with it: <code className="mono">bartizan serve --log /var/log/nginx/access.log</code>
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
      {isAdmin && info !== undefined && <AddSourcePanel isAllowed={info.features.includes("sources")} />}
      {sources.data?.map((source) => <SourcePanel key={source.name} source={source} mayRemove={isAdmin} />)}
    </div>
  );
}

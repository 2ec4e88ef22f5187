import { AddSource } from "@/features/sources/components/AddSource";
import { Panel } from "@/ui/Panel";

const IN_THE_CONFIGURATION = "sources:\n  - path: /var/log/nginx/access.log";

/** Where one more source is added, or why that is done elsewhere. */
export function AddSourcePanel({ isAllowed }: { isAllowed: boolean }) {
  return (
    <Panel title="Add a log source" note="read from now on and at each start">
      {isAllowed ? (
        <AddSource />
      ) : (
        <>
          <p>
            <code className="mono">ingestion.add_from_dashboard</code> is off, so sources are added in the configuration, which takes effect at once:
          </p>
          <pre className="mono">{IN_THE_CONFIGURATION}</pre>
        </>
      )}
    </Panel>
  );
}

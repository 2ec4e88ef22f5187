import "./start.css";

import { type ReactNode, useState } from "react";

import { FirstLine } from "@/features/start/components/FirstLine";
import { RECIPES, type ServerName, SERVERS } from "@/features/start/components/servers";
import type { Source } from "@/lib/wire";
import { CopyButton } from "@/ui/CopyButton";
import { Panel } from "@/ui/Panel";
import { Segments } from "@/ui/Segments";

/**
 * Leads from nothing to the first line read; `sources` are those that the server has now, `children` what adds one, for those
 * who may.
 */
export function FirstRun({ sources, children }: { sources: readonly Source[] | undefined; children?: ReactNode }) {
  const [server, setServer] = useState<ServerName>("nginx");
  const { note, snippet, log } = RECIPES[server];
  return (
    <Panel title="From nothing to the first request" note="The database holds no requests yet">
      <ol className="steps">
        <li>
          <h3>Let your web server write a log</h3>
          <Segments label="Web server" values={SERVERS} chosen={server} text={(name) => name} onChoose={setServer} />
          <p>{note}</p>
          <Snippet text={snippet} label={`Copy configuration of ${server}`} />
          <p className="muted">
            The format of a file is found from its first lines: combined and common logs, JSON, HAProxy, Envoy, AWS load balancers and CloudFront, W3C extended, ModSecurity audit logs.
          </p>
        </li>
        <li>
          <h3>Point Bartizan at it</h3>
          {children !== undefined && (
            <>
              <div>{children}</div>
              <p>Or start the server with it:</p>
            </>
          )}
          <Snippet text={`bartizan serve --log ${log}`} label="Copy command" />
          <p>Or, for several at once, in the configuration:</p>
          <Snippet text={`sources:\n  - path: ${log.replace(/[^/]+$/, "*.log")}`} label="Copy sources" />
        </li>
        <li>
          <h3>Wait for the first line</h3>
          <FirstLine sources={sources} />
        </li>
      </ol>
    </Panel>
  );
}

function Snippet({ text, label }: { text: string; label: string }) {
  return (
    <div className="snippet">
      <pre className="mono">{text}</pre>
      <CopyButton text={text} label={label} />
    </div>
  );
}

import "./sources.css";

import { count } from "@/lib/format";
import type { Source } from "@/lib/wire";
import { Panel } from "@/ui/Panel";

/** Lines that could not be read, with the reason; shown as text, whatever they hold. */
export function SourceSamples({ source }: { source: Source }) {
  return (
    <Panel title={`Unreadable lines of ${source.name}`} note={`${count(source.samples.length)} of ${count(source.failed)}, newest first`}>
      <ul className="samples">
        {source.samples.map(({ line, problem }, index) => (
          <li key={`${index} ${line}`} className="sample">
            <span>{problem}</span>
            <code className="mono">{line}</code>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

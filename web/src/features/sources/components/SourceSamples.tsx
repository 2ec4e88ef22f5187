import "./sources.css";

import { useId } from "react";

import { count } from "@/lib/format";
import type { Source } from "@/lib/wire";

/** Lines that could not be read, with the reason; shown as text, whatever they hold. */
export function SourceSamples({ source }: { source: Source }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="samples-head">
        Unreadable lines{" "}
        <span className="muted">
          {count(source.samples.length)} of {count(source.failed)}, newest first
        </span>
      </h3>
      <ul className="samples">
        {source.samples.map(({ line, problem }, index) => (
          <li key={`${index} ${line}`} className="sample">
            <span>{problem}</span>
            <code className="mono">{line}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

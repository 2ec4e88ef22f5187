import { count } from "@/lib/format";
import type { Source } from "@/lib/wire";

/** What the server has read until now, and what is the matter when that is no request. */
export function FirstLine({ sources }: { sources: readonly Source[] | undefined }) {
  if (sources === undefined) return <p className="muted">Asking the server for its sources.</p>;
  if (sources.length === 0) {
    return (
      <p className="first-line" role="status">
        This server has no source: it was started without <code className="mono">--log</code> and without <code className="mono">sources</code>. Start it anew with one of them; this page stays and goes on by itself.
      </p>
    );
  }
  return (
    <ul className="first-line" role="status" aria-label="Sources">
      {sources.map((source) => (
        <li key={source.name}>
          <strong className="mono">{source.name}</strong> {stateOf(source)}
          {source.parsed === 0 &&
            source.samples.slice(0, 1).map(({ line, problem }) => (
              <span key={line} className="first-sample">
                <code className="mono">{line}</code> <span className="muted">{problem}</span>
              </span>
            ))}
        </li>
      ))}
    </ul>
  );
}

/** One sentence on where a source stands before its first request. */
export function stateOf({ state, parsed, failed, lines, last_error: error }: Pick<Source, "state" | "parsed" | "failed" | "lines" | "last_error">): string {
  if (error !== null) return `cannot be read: ${error}`;
  if (parsed > 0) return `has its first ${parsed === 1 ? "request" : `${count(parsed)} requests`}; the figures follow at once.`;
  if (failed > 0) return `has ${failed === 1 ? "a line" : `${count(failed)} lines`}, none of which is a request. Is this an access log?`;
  if (lines > 0) return `has ${count(lines)} lines and no request yet.`;
  return state === "running" ? "is read, and waits for its first line." : `is ${state}.`;
}

import "./sources.css";

import type { ReactNode } from "react";

import { RemoveSource } from "@/features/sources/components/RemoveSource";
import { SourceSamples } from "@/features/sources/components/SourceSamples";
import { lagText, SourceBadge } from "@/features/sources/components/sourceState";
import { bytes, count, decimal, NONE } from "@/lib/format";
import type { Source } from "@/lib/wire";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** Everything that is known of one source: where reading stands, what was lost, what could not be read. */
export function SourcePanel({ source, mayRemove }: { source: Source; mayRemove: boolean }) {
  const tools = (
    <span className="source-tools">
      {mayRemove && source.origin === "added" && <RemoveSource source={source} />}
      <SourceBadge source={source} />
    </span>
  );
  return (
    <Panel title={source.name} tools={tools}>
      <dl className="figures">
        {figures(source).map(({ label, value, note, isBad = false, isWide = false }) => (
          <div key={label} className={isWide ? "figures-wide" : ""}>
            <dt>{label}</dt>
            <dd className={isBad ? "strip-failed" : ""}>
              {value}
              {note !== undefined && <span className="muted"> {note}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {source.last_error !== null && (
        <p className="source-error" role="alert">
          {source.last_error}
        </p>
      )}
      {source.samples.length > 0 && <SourceSamples source={source} />}
    </Panel>
  );
}

interface Figure {
  label: string;
  value: ReactNode;
  note?: ReactNode;
  isBad?: boolean;
  /** Takes a row of its own. */
  isWide?: boolean;
}

function figures(source: Source): Figure[] {
  const { lag_bytes, lag_lines, last_line_at, position } = source;
  const all: Figure[] = [
    { label: "Lines", value: count(source.lines), note: `· ${decimal(source.lines_per_second, 1)} per s` },
    { label: "Unreadable", value: count(source.failed), isBad: source.failed > 0 },
    { label: "Dropped", value: count(source.dropped), note: "since the start", isBad: source.dropped > 0 },
    { label: "Bytes read", value: bytes(source.bytes), note: "since the start" },
    { label: "Position", value: bytes(position), note: positionNote(source) },
    { label: "Behind", value: lag_lines === null ? NONE : `${count(lag_lines)} lines`, note: lag_bytes === null ? undefined : `· ${bytes(lag_bytes)}` },
    { label: "Newest line", value: last_line_at === null ? NONE : <TimeText instant={last_line_at} />, note: source.lag_s === null ? undefined : `· ${lagText(source)} old` },
  ];
  // Sockets and standard input have none.
  if (source.file !== null) all.push({ label: "File", value: <code className="mono">{source.file}</code>, isWide: true });
  return all;
}

/** How far into the file that is, where its end is known. */
function positionNote({ position, lag_bytes }: Source): string | undefined {
  if (position === null || lag_bytes === null || position + lag_bytes === 0) return undefined;
  return `of ${bytes(position + lag_bytes)}`;
}

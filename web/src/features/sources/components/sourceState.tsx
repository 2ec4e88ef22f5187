import { duration } from "@/lib/format";
import type { Source } from "@/lib/wire";
import { Badge, type Tone } from "@/ui/Badge";

const TONES: Record<string, Tone> = { running: "ok", finished: "neutral", waiting: "warn", failed: "bad" };

/** How a source is doing, in a word. */
export function SourceBadge({ source }: { source: Source }) {
  return (
    <Badge tone={TONES[source.state] ?? "neutral"} title={source.last_error ?? undefined}>
      {source.state}
    </Badge>
  );
}

/** Age of the newest line when it was judged. */
export function lagText(source: Source): string {
  return source.lag_s == null ? "–" : duration(source.lag_s);
}

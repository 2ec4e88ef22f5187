import { minuteTime } from "@/lib/time";

/** Start of a bucket for people, local. */
export function bucketTime(seconds: number): string {
  return minuteTime(new Date(seconds * 1000).toISOString());
}

/** `30 min`, `1 d`: the width of a bucket. */
function bucketWidth(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return `${seconds / 60} min`;
}

/** What a chart covers: the width of its buckets, as soon as it is known, and the range. */
export function coverage(bucket: number | null | undefined, range: string): string {
  return bucket == null ? range : `per ${bucketWidth(bucket)} · ${range}`;
}

/** The span that was dragged over, as a range of the address. */
export function zoomRange(from: number, to: number): { from: string; to: string } {
  const instant = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  return { from: instant(from), to: instant(to) };
}

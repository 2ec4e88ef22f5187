import { fullTime, shortTime, utcTime } from "@/lib/time";

/** An instant in local time; the title holds the date, the zone and the same in UTC. */
export function TimeText({ instant, full = false }: { instant: string; full?: boolean }) {
  return (
    <time dateTime={instant} title={`${fullTime(instant)}\n${utcTime(instant)}`} className="nowrap">
      {full ? fullTime(instant) : shortTime(instant)}
    </time>
  );
}

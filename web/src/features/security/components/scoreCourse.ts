import type { CheckHistory, CheckStatus, SecurityCheck } from "@/lib/wire";

/** What a status counts (API.md 4.7, Compliance). */
const WORTH: Record<CheckStatus, number> = { pass: 1, warning: 0.5, fail: 0 };

/** The score from an instant on, until the next point. */
export interface ScorePoint {
  /** Seconds since 1970. */
  at: number;
  score: number;
}

/**
 * The score over time, as the changes of the checks' statuses tell it: a status stands until it was found to be
 * another. The course begins where the status of every check is known, and ends now with the present one.
 */
export function scoreCourse(checks: readonly SecurityCheck[], changes: readonly CheckHistory[], now: number): ScorePoint[] {
  const held = new Map<string, CheckStatus>();
  const known = new Set(checks.map(({ key }) => key));
  const changed = new Set(changes.map(({ key }) => key));
  // A check without a change in the list has been as it is since before the list begins.
  for (const { key, status } of checks) if (!changed.has(key)) held.set(key, status);

  const course: ScorePoint[] = [];
  const put = (at: number) => {
    if (known.size === 0 || held.size < known.size) return;
    const score = ([...held.values()].reduce((sum, status) => sum + WORTH[status], 0) / known.size) * 100;
    if (course.at(-1)?.at === at) course.pop();
    course.push({ at, score });
  };
  for (const { key, status, timestamp } of [...changes].sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))) {
    if (!known.has(key)) continue;
    held.set(key, status);
    put(Math.floor(Date.parse(timestamp) / 1000));
  }
  for (const { key, status } of checks) held.set(key, status);
  put(Math.floor(now / 1000));
  return course;
}

/** The course within a span; it enters with the value that it had there. */
export function courseWithin(course: readonly ScorePoint[], from: number, to: number): ScorePoint[] {
  const inside = course.filter(({ at }) => at >= from && at <= to);
  const before = course.findLast(({ at }) => at < from);
  const entered = before === undefined || inside[0]?.at === from ? inside : [{ at: from, score: before.score }, ...inside];
  const last = entered.at(-1);
  const end = Math.min(to, course.at(-1)?.at ?? to);
  return last === undefined || last.at >= end ? entered : [...entered, { at: end, score: last.score }];
}

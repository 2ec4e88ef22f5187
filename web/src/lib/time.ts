// Instants for people: local time on the page, UTC in the title.

const zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone in which times are shown, such as `Europe/Berlin`. */
export function zone(): string {
  return zoneName;
}

const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const fullFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
const minuteFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** `14:05:09`, local. */
export function clock(instant: string): string {
  return clockFormat.format(new Date(instant));
}

/** `14:05:09` today, `3 Mar 14:05:09` on another day, with the year in another year; local. */
export function shortTime(instant: string, now: Date = new Date()): string {
  const date = new Date(instant);
  if (date.toDateString() === now.toDateString()) return clockFormat.format(date);
  const year = date.getFullYear() === now.getFullYear() ? "" : ` ${date.getFullYear()}`;
  return `${dayFormat.format(date)}${year} ${clockFormat.format(date)}`;
}

/** Date, time and zone, local. */
export function fullTime(instant: string): string {
  return fullFormat.format(new Date(instant));
}

/** Date and time to the minute, local. */
export function minuteTime(instant: string): string {
  return minuteFormat.format(new Date(instant));
}

/** `2026-03-04 05:06:07.123456 UTC`. */
export function utcTime(instant: string): string {
  return `${instant.replace("T", " ").replace("Z", "")} UTC`;
}

/** Value of a `datetime-local` field for an instant. */
export function toLocalInput(instant: string): string {
  const date = new Date(instant);
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** Instant of a `datetime-local` field, or null when it is empty or unreadable. */
export function fromLocalInput(value: string): string | null {
  const date = new Date(value);
  return value === "" || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

// Numbers and sizes for people. Every number is shown with its unit by whoever places it.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compactNumber = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** What stands where the server sent nothing. */
export const NONE = "–";

/** A count with separators: 91,240. */
export function count(value: number): string {
  return whole.format(value);
}

/** A count for axes: 91.2K. */
export function compact(value: number): string {
  return compactNumber.format(value);
}

/** A number with at most so many decimals. */
export function decimal(value: number, digits: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

/** A percentage from 0 to 100. */
export function percent(value: number): string {
  return `${decimal(value, 2)} %`;
}

/** Milliseconds, in seconds from 10 s. */
export function milliseconds(value: number | null | undefined): string {
  if (value == null) return NONE;
  if (value >= 10_000) return `${decimal(value / 1000, 1)} s`;
  return `${decimal(value, value < 100 ? 1 : 0)} ms`;
}

/** Microseconds, as milliseconds from one on. */
export function microseconds(value: number | null | undefined): string {
  return value == null || value >= 1_000 ? milliseconds(value == null ? value : value / 1_000) : `${decimal(value, value < 100 ? 1 : 0)} µs`;
}

/** A span of seconds in its largest units: 3 d 4 h, 12 s. */
export function duration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return rounded % 60 === 0 ? `${minutes} min` : `${minutes} min ${rounded % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** A span of seconds as one figure and its unit, for large type. */
export function inOneUnit(seconds: number): { value: string; unit: string } {
  if (seconds < 100) return { value: decimal(seconds, 1), unit: "s" };
  if (seconds < 6_000) return { value: decimal(seconds / 60, 0), unit: "min" };
  if (seconds < 172_800) return { value: decimal(seconds / 3600, 0), unit: "h" };
  return { value: decimal(seconds / 86_400, 0), unit: "d" };
}

/** Bytes in steps of 1024. */
export function bytes(value: number | null | undefined): string {
  if (value == null) return NONE;
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? whole.format(size) : decimal(size, 1)} ${units[unit] ?? "B"}`;
}

/** A probability between 0 and 1. */
export function score(value: number | null | undefined): string {
  return value == null ? NONE : value.toFixed(3);
}

/** How a figure moved against the period before. */
export interface Change {
  direction: "up" | "down" | "same" | "new";
  text: string;
}

/** Compares a figure with that of the period before; without a base there is no percentage. */
export function change(now: number, before: number): Change {
  if (now === before) return { direction: "same", text: "unchanged" };
  if (before === 0) return { direction: "new", text: "none before" };
  const ratio = ((now - before) / before) * 100;
  const size = Math.abs(ratio) >= 1000 ? `${decimal(now / before, 0)}×` : `${decimal(Math.abs(ratio), Math.abs(ratio) < 10 ? 1 : 0)} %`;
  return ratio > 0 ? { direction: "up", text: `+${size}` } : { direction: "down", text: `−${size}` };
}

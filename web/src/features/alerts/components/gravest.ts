import type { AlertSort, Filters } from "@/lib/search";
import { filterValues } from "@/lib/search";
import type { Alert } from "@/lib/wire";

/** How grave alerts can be, the gravest first. */
export const GRAVITIES = ["critical", "high", "medium", "low"] as const;
export type Gravity = (typeof GRAVITIES)[number];

/** How grave an alert is: critical ones are told by their type (API.md 4.2). */
export function gravityOf({ type, severity }: Alert): Gravity {
  return type === "critical" ? "critical" : severity;
}

/** The alerts with the gravest on top, and of equally grave ones the biggest. */
export function gravestFirst(alerts: readonly Alert[]): Alert[] {
  const rank = (alert: Alert) => GRAVITIES.indexOf(gravityOf(alert));
  return [...alerts].sort((a, b) => rank(a) - rank(b) || b.count - a.count || b.id - a.id);
}

/** The alerts in the order that was chosen. */
export function sorted(alerts: readonly Alert[], by: AlertSort): Alert[] {
  if (by === "count") return [...alerts].sort((a, b) => b.count - a.count || b.id - a.id);
  if (by === "newest") return [...alerts].sort((a, b) => (a.last_seen < b.last_seen ? 1 : a.last_seen > b.last_seen ? -1 : b.id - a.id));
  return gravestFirst(alerts);
}

/** Whether an alert passes the filters that the server knows for alerts: severity, class and words. */
export function passes(alert: Alert, { severity, class: threatClass, q }: Filters): boolean {
  const grave = severity === undefined || filterValues("severity", severity).some((value) => value === gravityOf(alert) || value === alert.severity);
  const classed = threatClass === undefined || filterValues("class", threatClass).includes(alert.class ?? "");
  const text = [alert.title, alert.description, alert.related_ip, alert.related_endpoint, alert.host].join("\n").toLowerCase();
  const words = (q ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "");
  return grave && classed && words.every((word) => text.includes(word));
}

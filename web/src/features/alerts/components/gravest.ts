import type { Alert } from "@/lib/wire";

const RANK = { high: 2, medium: 1, low: 0 } as const;

/** The alerts with the gravest on top, and of equally grave ones the biggest. */
export function gravestFirst(alerts: readonly Alert[]): Alert[] {
  const rank = ({ type, severity }: Alert) => (type === "critical" ? 3 : severity === "critical" ? 3 : RANK[severity]);
  return [...alerts].sort((a, b) => rank(b) - rank(a) || b.count - a.count || b.id - a.id);
}

import { compact, decimal, milliseconds } from "@/lib/format";
import type { TrendMetric } from "@/lib/search";

const share = (value: number) => `${decimal(value, 2)} %`;

/** How each metric is called, what it is measured in, and how its values read. */
export const METRICS: Record<TrendMetric, { text: string; unit: string; whole: boolean; format: (value: number) => string }> = {
  requests: { text: "Requests", unit: "count", whole: true, format: compact },
  blocked: { text: "Would be or were blocked", unit: "count", whole: true, format: compact },
  allowed: { text: "Allowed", unit: "count", whole: true, format: compact },
  threats: { text: "Threats", unit: "count", whole: true, format: compact },
  attack_rate: { text: "Attack rate", unit: "% of requests", whole: false, format: share },
  latency: { text: "Response time", unit: "ms, mean", whole: false, format: milliseconds },
  cpu: { text: "CPU", unit: "% of this machine", whole: false, format: share },
  memory: { text: "Memory", unit: "% of this machine", whole: false, format: share },
};

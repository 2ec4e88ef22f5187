import "./badge.css";

import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "ok" | "warn" | "bad";

/** A short word in a frame; its tone only repeats what the word says. */
export function Badge({ tone = "neutral", title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {children}
    </span>
  );
}

const SEVERITY_TONES: Record<string, Tone> = { critical: "bad", high: "bad", medium: "warn", low: "neutral" };

/** A severity, in words and with as many bars as it has steps. */
export function SeverityBadge({ severity }: { severity: string }) {
  const steps = ["low", "medium", "high", "critical"].indexOf(severity) + 1;
  return (
    <span className={`badge badge-${SEVERITY_TONES[severity] ?? "neutral"}`}>
      <span className="severity-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} className={step <= steps ? "bar bar-on" : "bar"} />
        ))}
      </span>
      {severity}
    </span>
  );
}

/** What happened to a request. */
export function ActionBadge({ action, text }: { action: string; text: string }) {
  const tone = action === "block" ? "bad" : action === "flag" ? "warn" : "neutral";
  return <Badge tone={tone}>{text}</Badge>;
}

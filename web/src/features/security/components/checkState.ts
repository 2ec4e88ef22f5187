import type { CheckStatus } from "@/lib/wire";
import type { Tone } from "@/ui/Badge";

/** How a status is shown; the words say it, the tone repeats it. */
export const STATES: Record<CheckStatus, { text: string; tone: Tone; place: number }> = {
  fail: { text: "Failed", tone: "bad", place: 0 },
  warning: { text: "Warning", tone: "warn", place: 1 },
  pass: { text: "Passed", tone: "ok", place: 2 },
};

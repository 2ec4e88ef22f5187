import { useState } from "react";

import { type SilenceFilter, useAddSilence } from "@/features/alerts/api/useAddSilence";
import { useEndSilence } from "@/features/alerts/api/useEndSilence";
import { type AlertHandling, useHandleAlerts } from "@/features/alerts/api/useHandleAlerts";
import { useSilenceAlert } from "@/features/alerts/api/useSilenceAlert";
import { failureOf } from "@/lib/api";
import { count, duration } from "@/lib/format";
import type { Alert } from "@/lib/wire";

const DONE: Record<AlertHandling, string> = { acknowledge: "acknowledged", dismiss: "dismissed", resolve: "resolved", reopen: "reopened" };

/** What was done last, and how it is taken back. */
export interface LastDone {
  text: string;
  undo: () => void;
}

/** How long a cause is to be quiet, and why. */
export interface Quiet {
  hours: number;
  reason?: string | undefined;
}

/** Acts on alerts, and takes it back: undo sets each alert to what it was. */
export function useAlertHandling() {
  const handle = useHandleAlerts();
  const silence = useSilenceAlert();
  const addSilence = useAddSilence();
  const endSilence = useEndSilence();
  const [done, setDone] = useState<LastDone | null>(null);
  const isOver = { onSuccess: () => setDone(null) };

  const restore = (alerts: readonly Alert[]) => {
    const ids = (acknowledged: boolean) => alerts.filter((alert) => alert.is_acknowledged === acknowledged).map(({ id }) => id);
    handle.mutate({ ids: alerts.map(({ id }) => id), action: "reopen" }, {
      onSuccess: () => (ids(true).length === 0 ? setDone(null) : handle.mutate({ ids: ids(true), action: "acknowledge" }, isOver)),
    });
  };

  return {
    done,
    busy: handle.isPending || silence.isPending || addSilence.isPending || endSilence.isPending,
    /** Why the latest action was refused. */
    refused: failureOf(handle.error ?? silence.error ?? addSilence.error ?? endSilence.error),
    apply: (alerts: readonly Alert[], action: AlertHandling, onDone?: () => void) => {
      handle.mutate({ ids: alerts.map(({ id }) => id), action }, {
        onSuccess: () => {
          const what = alerts.length === 1 ? "1 alert" : `${count(alerts.length)} alerts`;
          setDone({ text: `${what} ${DONE[action]}`, undo: () => restore(alerts) });
          onDone?.();
        },
      });
    },
    /** Keeps the cause of one alert quiet. */
    silence: (alert: Alert, quiet: Quiet) => {
      silence.mutate({ id: alert.id, ...quiet }, {
        onSuccess: ({ data }) =>
          setDone({ text: `Silenced for ${duration(quiet.hours * 3600)}`, undo: () => endSilence.mutate({ silence: data.id, alerts: [alert.id] }, isOver) }),
      });
    },
    /** Keeps everything quiet that matches; `matching` are the active alerts that do. */
    silenceAll: (filter: SilenceFilter, quiet: Quiet, matching: readonly Alert[]) => {
      addSilence.mutate({ filter, ...quiet }, {
        onSuccess: ({ data }) =>
          setDone({
            text: `Silenced for ${duration(quiet.hours * 3600)}`,
            undo: () => endSilence.mutate({ silence: data.id, alerts: matching.map(({ id }) => id) }, isOver),
          }),
      });
    },
  };
}

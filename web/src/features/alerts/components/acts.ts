import type { AlertHandling } from "@/features/alerts/api/useHandleAlerts";
import type { useAlertHandling } from "@/features/alerts/components/useAlertHandling";
import type { useChosen } from "@/features/alerts/components/useChosen";
import type { Alert } from "@/lib/wire";

/** How long a silence lasts that is begun with one click. */
const SILENCE_HOURS = 24;

/** What can be done with one alert of a list. */
export interface Acts {
  busy: boolean;
  chosen: boolean;
  onChoose: (is: boolean) => void;
  onHandle: (action: AlertHandling) => void;
  onSilence: () => void;
}

/** What can be done with an alert of a list; `onSilence` asks first where that is given. */
export function actsOn(alert: Alert, handling: ReturnType<typeof useAlertHandling>, chosen: ReturnType<typeof useChosen>, onSilence?: () => void): Acts {
  return {
    busy: handling.busy,
    chosen: chosen.has(alert.id),
    onChoose: (is) => chosen.choose(alert.id, is),
    onHandle: (action) => handling.apply([alert], action, chosen.clear),
    onSilence: onSilence ?? (() => handling.silence(alert, { hours: SILENCE_HOURS })),
  };
}

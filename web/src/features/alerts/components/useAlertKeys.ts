import { type RefObject, useEffect } from "react";

import type { Alert } from "@/lib/wire";

/** What the letters do with the alert that has the focus, or with those that are picked. */
export interface AlertKeys {
  acknowledge: (alerts: readonly Alert[]) => void;
  dismiss: (alerts: readonly Alert[]) => void;
  silence: (alert: Alert) => void;
}

/** After `g` a letter names a page, not a deed. */
const CHORD_MS = 1_200;

/** `j` and `k` move through the alerts of a list; `a`, `d` and `s` act. */
export function useAlertKeys(list: RefObject<HTMLElement | null>, shown: readonly Alert[], chosen: readonly Alert[], act: AlertKeys | null): void {
  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input:not([type=checkbox]), select, textarea, dialog") !== null) return;
      const afterChord = event.timeStamp < chordUntil;
      chordUntil = event.key === "g" ? event.timeStamp + CHORD_MS : 0;
      if (afterChord) return;
      const items = [...(list.current?.querySelectorAll<HTMLElement>("[data-alert]") ?? [])];
      const at = items.findIndex((item) => item.contains(document.activeElement));
      if (event.key === "j" || event.key === "k") {
        const next = items[at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)];
        if (next === undefined) return;
        event.preventDefault();
        next.querySelector<HTMLElement>("input, a, button")?.focus();
        next.scrollIntoView({ block: "nearest" });
        return;
      }
      const focused = shown.find(({ id }) => String(id) === items[at]?.dataset.alert);
      const those = chosen.length > 0 ? chosen : focused === undefined ? [] : [focused];
      if (act === null || those.length === 0) return;
      if (event.key === "a") act.acknowledge(those);
      else if (event.key === "d") act.dismiss(those);
      else if (event.key === "s" && focused !== undefined) {
        event.preventDefault();
        act.silence(focused);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [list, shown, chosen, act]);
}

import { useState } from "react";

import type { Alert } from "@/lib/wire";

/** Alerts that were picked, of those that are shown. */
export function useChosen(shown: readonly Alert[]) {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  return {
    /** What was picked and is still shown. */
    alerts: shown.filter(({ id }) => ids.has(id)),
    isAll: shown.every(({ id }) => ids.has(id)),
    has: (id: number) => ids.has(id),
    choose: (id: number, is: boolean) => {
      const next = new Set(ids);
      if (is) next.add(id);
      else next.delete(id);
      setIds(next);
    },
    all: () => setIds(new Set(shown.map(({ id }) => id))),
    clear: () => setIds(new Set()),
  };
}

// Which columns of a list are shown: those that fit the window, until somebody chooses.

import { type Kept, kept, useKept } from "@/lib/kept";

/** The lists whose columns can be chosen. */
export const LISTS = ["traffic", "threats"] as const;
export type List = (typeof LISTS)[number];

/** Null: nobody chose, the width of the window decides. */
export type ChosenColumns = readonly string[] | null;

const MOST_COLUMNS = 40;

const chosen: Record<List, Kept<ChosenColumns>> = {
  traffic: kept("columns.traffic", readColumns),
  threats: kept("columns.threats", readColumns),
};

/** Names of columns out of what was kept; null when it holds none. */
export function readColumns(raw: unknown): ChosenColumns {
  if (!Array.isArray(raw)) return null;
  const names = raw.filter((name) => typeof name === "string").slice(0, MOST_COLUMNS);
  return names.length === 0 ? null : names;
}

/** The columns chosen for a list, as they change. */
export function useChosenColumns(list: List): ChosenColumns {
  return useKept(chosen[list]);
}

export function chosenColumns(list: List): ChosenColumns {
  return chosen[list].get();
}

export function chooseColumns(list: List, names: ChosenColumns): void {
  chosen[list].set(names);
}

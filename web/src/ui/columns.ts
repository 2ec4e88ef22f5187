import { useSyncExternalStore } from "react";

import type { Column } from "@/ui/DataTable";

/** The widths of table.css at which columns come in, in pixels. */
const WIDTHS = { sm: 600, md: 900, lg: 1280 } as const;

/** The window's width as far as columns care: the number of steps that it reaches. */
export function useWidthStep(): number {
  return useSyncExternalStore(subscribe, widthStep);
}

function widthStep(): number {
  return Object.values(WIDTHS).filter((width) => window.innerWidth >= width).length;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

/** What of a column its choice needs. */
export type ColumnHead = Pick<Column<never>, "key" | "head" | "from" | "optional">;

/** The columns that a table shows: those that were chosen, else those that fit. */
export function shownColumns<Head extends ColumnHead>(columns: readonly Head[], chosen: readonly string[] | null, step: number): Head[] {
  const named = chosen === null ? [] : columns.filter(({ key }) => chosen.includes(key));
  // A choice of which no column is left, as after an update, is none.
  if (named.length > 0) return named.map((column) => ({ ...column, from: undefined }));
  return columns.filter(({ from, optional }) => optional !== true && (from === undefined || step >= Object.keys(WIDTHS).indexOf(from) + 1));
}

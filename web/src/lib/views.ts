// Saved views: a name for a range, filters, order and columns of one list. Kept in this browser; the server has no place for them.

import { chooseColumns, type ChosenColumns, chosenColumns, type List, LISTS, readColumns } from "@/lib/columns";
import { kept, useKept } from "@/lib/kept";
import { filtersOf, parseQuery, readSearch, type Search, withoutFilters, writeQuery } from "@/lib/search";

export interface View {
  name: string;
  list: List;
  /** Range, filters and order as they stand in an address, without the page. */
  query: string;
  columns: ChosenColumns;
}

export const MOST_VIEWS = 50;
export const LONGEST_NAME = 60;

const views = kept("views", readViews);

/** Views out of what was kept; what is none is dropped. */
export function readViews(raw: unknown): View[] {
  if (!Array.isArray(raw)) return [];
  const found: View[] = [];
  for (const each of raw as unknown[]) {
    const view = readView(each);
    if (view !== null && !found.some((other) => isSame(other, view)) && found.length < MOST_VIEWS) found.push(view);
  }
  return found;
}

/** All saved views, as they change. */
export function useViews(): View[] {
  return useKept(views);
}

export function savedViews(): View[] {
  return views.get();
}

/** The state of a list under a name. */
export function viewOf(name: string, list: List, search: Search): View {
  return { name: name.trim().slice(0, LONGEST_NAME), list, query: queryOf(search), columns: chosenColumns(list) };
}

/** What of an address belongs to a view: not the page, nor what other pages keep there. */
export function queryOf(search: Search): string {
  return writeQuery({ ...withoutFilters(search), ...filtersOf(search), order: search.order });
}

/** Why a view cannot be saved under its name; null when it can. A name counts once for each list. */
export function nameProblem(held: readonly View[], { name, list }: Pick<View, "name" | "list">): string | null {
  if (name.trim() === "") return "Give the view a name";
  if (held.some((each) => isSame(each, { name: name.trim(), list }))) return `A view named “${name.trim()}” exists already`;
  return null;
}

export function addView(view: View): void {
  views.set([...views.get(), view].slice(-MOST_VIEWS));
}

export function renameView(view: View, name: string): void {
  views.set(views.get().map((each) => (isSame(each, view) ? { ...each, name: name.trim().slice(0, LONGEST_NAME) } : each)));
}

export function deleteView(view: View): void {
  views.set(views.get().filter((each) => !isSame(each, view)));
}

/** Puts the view's columns in force, and gives what its address holds. */
export function openView(view: View): Search {
  chooseColumns(view.list, view.columns);
  return readSearch(parseQuery(view.query));
}

function isSame(one: Pick<View, "name" | "list">, other: Pick<View, "name" | "list">): boolean {
  return one.list === other.list && one.name === other.name;
}

function readView(raw: unknown): View | null {
  if (typeof raw !== "object" || raw === null) return null;
  const { name, list, query, columns } = raw as Record<string, unknown>;
  const known = LISTS.find((each) => each === list);
  if (typeof name !== "string" || name.trim() === "" || known === undefined || typeof query !== "string") return null;
  // Read and written again: what the dashboard does not know does not reach an address.
  return { name: name.trim().slice(0, LONGEST_NAME), list: known, query: queryOf(readSearch(parseQuery(query))), columns: readColumns(columns) };
}

import { useLocation, useNavigate } from "@tanstack/react-router";

import { useSearchState } from "@/lib/useSearchState";

export interface Pager {
  cursor: string | undefined;
  /** Number of this page, from 1; null when it was opened by its address alone. */
  page: number | null;
  next: (cursor: string) => void;
  previous: () => void;
  first: () => void;
}

/**
 * Pages forth by the server's cursors and back by those already seen. The cursor stands in the address; the trail of
 * those before it stands in the history entry, which the browser keeps over a reload.
 */
export function usePager(): Pager {
  const { search } = useSearchState();
  const navigate = useNavigate();
  const trail = useLocation({ select: (location) => location.state.trail });
  const cursor = search.cursor;

  const go = (to: string | undefined, seen: (string | undefined)[]) => {
    void navigate({ to: ".", search: { ...search, cursor: to }, state: { trail: seen } });
    window.scrollTo({ top: 0 });
  };
  return {
    cursor,
    page: cursor === undefined ? 1 : trail === undefined ? null : trail.length + 1,
    next: (to) => go(to, [...(trail ?? (cursor === undefined ? [] : [undefined])), cursor]),
    previous: () => go(trail?.at(-1), trail?.slice(0, -1) ?? []),
    first: () => go(undefined, []),
  };
}

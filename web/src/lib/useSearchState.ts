import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { type RangeQuery, rangeQuery, type RangeSearch } from "@/lib/range";
import { type FilterKey, type Filters, filtersOf, type Search, withFilter, withRange } from "@/lib/search";

export interface SearchState {
  search: Search;
  window: RangeQuery;
  filters: Filters;
  /** Puts another search into the address of the same page. */
  change: (next: Search, replace?: boolean) => void;
  /** Chooses another range; the pages begin anew. */
  chooseRange: (range: RangeSearch) => void;
  include: (key: FilterKey, value: string) => void;
}

/** The state that stands in the address: range, filters and cursor. */
export function useSearchState(): SearchState {
  const search = useSearch({ from: "__root__" });
  const navigate = useNavigate();
  const change = useCallback(
    (next: Search, replace = false) => {
      void navigate({ to: ".", search: next, replace });
    },
    [navigate],
  );
  const text = JSON.stringify(search);
  return useMemo(() => {
    const held = JSON.parse(text) as Search;
    return {
      search: held,
      window: rangeQuery(held),
      filters: filtersOf(held),
      change,
      chooseRange: (range: RangeSearch) => change(withRange(held, range)),
      include: (key: FilterKey, value: string) => change(withFilter(held, key, value)),
    };
  }, [text, change]);
}

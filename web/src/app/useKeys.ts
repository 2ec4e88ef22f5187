import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useEffect } from "react";

import { PLACES } from "@/app/navigation";
import { withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";

/** After `g` the next letter must follow within this time. */
const CHORD_MS = 1_200;

/** The shortcuts of all pages: `/`, `?`, and `g` with the letter of a page. */
export function useKeys(field: RefObject<HTMLInputElement | null>, help: RefObject<HTMLDialogElement | null>): void {
  const navigate = useNavigate();
  const { search } = useSearchState();

  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest("input:not([type=checkbox]), select, textarea, dialog") !== null) {
        if (event.key === "Escape" && event.target === field.current) field.current.blur();
        return;
      }
      const place = event.timeStamp < chordUntil ? PLACES.find(({ letter }) => letter === event.key) : undefined;
      if (place !== undefined) {
        chordUntil = 0;
        event.preventDefault();
        void navigate({ to: place.to, search: withoutFilters(search) });
      } else if (event.key === "g") {
        chordUntil = event.timeStamp + CHORD_MS;
      } else if (event.key === "/") {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      } else if (event.key === "?") {
        help.current?.showModal();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [field, help, navigate, search]);
}

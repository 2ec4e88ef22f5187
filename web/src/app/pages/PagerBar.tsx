import type { Pager } from "@/app/pages/usePager";
import { count } from "@/lib/format";
import { Button } from "@/ui/Button";

interface PagerBarProps {
  pager: Pager;
  next: string | null | undefined;
  rows: number;
  /** What a row is, in the singular. */
  noun: "request" | "threat" | "alert" | "line" | "event";
  /** Order of the list; without it the newest come first. */
  order?: "asc" | undefined;
}

/** Buttons between the pages of a list. */
export function PagerBar({ pager, next, rows, noun, order }: PagerBarProps) {
  const [first, back, forth] = order === "asc" ? ["Oldest", "Older", "Newer"] : ["Newest", "Newer", "Older"];
  return (
    <nav className="pager" aria-label="Pages">
      <span className="muted">
        {count(rows)} {rows === 1 ? noun : `${noun}s`}
        {pager.page === null ? "" : ` · page ${pager.page}`}
        {next == null && pager.page === 1 ? " · all that match" : ""}
      </span>
      <span className="pager-buttons">
        {pager.cursor !== undefined && (
          <>
            <Button onClick={pager.first}>{first}</Button>
            <Button icon="back" onClick={pager.previous}>
              {back}
            </Button>
          </>
        )}
        <Button icon="forward" disabled={next == null} onClick={() => (next == null ? undefined : pager.next(next))}>
          {forth}
        </Button>
      </span>
    </nav>
  );
}

import type { Pager } from "@/app/pages/usePager";
import { count } from "@/lib/format";
import { Button } from "@/ui/Button";

/** Buttons between the pages of a list. */
export function PagerBar({ pager, next, rows, noun }: { pager: Pager; next: string | null | undefined; rows: number; noun: string }) {
  return (
    <nav className="pager" aria-label="Pages">
      <span className="muted">
        {count(rows)} {noun}
        {pager.page === null ? "" : ` · page ${pager.page}`}
        {next == null && pager.page === 1 ? " · all that match" : ""}
      </span>
      <span className="pager-buttons">
        {pager.cursor !== undefined && (
          <>
            <Button onClick={pager.first}>Newest</Button>
            <Button icon="back" onClick={pager.previous}>
              Newer
            </Button>
          </>
        )}
        <Button icon="forward" disabled={next == null} onClick={() => (next == null ? undefined : pager.next(next))}>
          Older
        </Button>
      </span>
    </nav>
  );
}

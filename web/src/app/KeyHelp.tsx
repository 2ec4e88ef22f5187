import type { RefObject } from "react";

import { PLACES } from "@/app/navigation";
import { Button } from "@/ui/Button";

const SHORTCUTS = [
  ["Ctrl K or ⌘ K", "command palette"],
  ["/", "search requests"],
  ...PLACES.map(({ letter, text }) => [`g ${letter}`, text.toLowerCase()] as const),
  ["j  k", "next and previous row"],
  ["Enter", "open the row"],
  ["a  d  s", "acknowledge, dismiss, silence an alert"],
  ["Esc", "close what is open"],
  ["?", "this list"],
] as const;

/** The list of shortcuts. */
export function KeyHelp({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog ref={dialog} className="help" aria-label="Keyboard shortcuts">
      <h2>Keyboard shortcuts</h2>
      <dl>
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">Drag over a chart to look at that stretch of time.</p>
      <form method="dialog">
        <Button type="submit">Close</Button>
      </form>
    </dialog>
  );
}

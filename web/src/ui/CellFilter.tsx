import "./cellfilter.css";

import type { ReactNode } from "react";

/** A value in a table that narrows the list to itself when it is chosen. */
export function CellFilter({ name, value, onChoose, children }: { name: string; value: string; onChoose: () => void; children?: ReactNode }) {
  return (
    <button type="button" className="cell-filter" title={`Show only ${name} ${value}`} onClick={onChoose}>
      {children ?? value}
    </button>
  );
}

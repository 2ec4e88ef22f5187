import "./columns.css";

import { chooseColumns, type List, useChosenColumns } from "@/lib/columns";
import { Button } from "@/ui/Button";
import { type ColumnHead, shownColumns, useWidthStep } from "@/ui/columns";
import { Popover } from "@/ui/Popover";

/** Which columns a list shows; remembered in this browser. */
export function ColumnChooser({ list, columns }: { list: List; columns: readonly ColumnHead[] }) {
  const chosen = useChosenColumns(list);
  const step = useWidthStep();
  const shown = shownColumns(columns, chosen, step).map(({ key }) => key);
  const toggle = (key: string) => chooseColumns(list, shown.includes(key) ? shown.filter((each) => each !== key) : [...shown, key]);

  return (
    <Popover icon="columns" label="Columns">
      <ul className="column-list">
        {columns.map(({ key, head }) => (
          <li key={key}>
            <label>
              {/* A table without columns shows nothing: the last one stays. */}
              <input type="checkbox" checked={shown.includes(key)} disabled={shown.length === 1 && shown[0] === key} onChange={() => toggle(key)} />
              {head}
            </label>
          </li>
        ))}
      </ul>
      <Button look="quiet" disabled={chosen === null} onClick={() => chooseColumns(list, null)}>
        As fits the window
      </Button>
      <p className="muted">Remembered in this browser.</p>
    </Popover>
  );
}

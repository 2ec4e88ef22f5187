import "./table.css";

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";

import { Icon } from "@/ui/Icon";

/** A column of a table. */
export interface Column<Row> {
  key: string;
  head: string;
  cell: (row: Row) => ReactNode;
  align?: "right";
  /** The narrowest window that shows it; without it the column is always there. */
  from?: "sm" | "md" | "lg";
  /** Shown only when it is chosen. */
  optional?: boolean;
  /** The column that takes the room left over and cuts its text. */
  grow?: boolean;
  /** Set where the list can be ordered by this column; `direction` is undefined while it is ordered by another. */
  sort?: { direction: "ascending" | "descending" | undefined; onSort: () => void };
}

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** The row that is open beside the table. */
  selected?: string | number | undefined;
  onOpen?: (row: Row) => void;
  /** Rows that have just come in are lit for a moment. */
  isFresh?: (row: Row) => boolean;
}

/** A plain table: the server filters, sorts and pages, so it only shows rows and opens them by mouse or `j` `k` Enter. */
export function DataTable<Row>({ caption, columns, rows, rowKey, selected, onOpen, isFresh }: DataTableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body, onOpen !== undefined);

  const openOnEnter = (event: KeyboardEvent, row: Row) => {
    if (event.key === "Enter" && event.target === event.currentTarget) onOpen?.(row);
  };

  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={columnClass(column)} aria-sort={column.sort?.direction}>
                <Head column={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const key = rowKey(row);
            const names = [onOpen === undefined ? "" : "row-open", key === selected ? "row-selected" : "", isFresh?.(row) === true ? "row-fresh" : ""];
            return (
              <tr
                key={key}
                className={names.join(" ")}
                tabIndex={onOpen === undefined ? undefined : 0}
                aria-current={key === selected ? "true" : undefined}
                onClick={(event) => {
                  if (isPlainClick(event.target)) onOpen?.(row);
                }}
                onKeyDown={(event) => openOnEnter(event, row)}
              >
                {columns.map((column) => (
                  <td key={column.key} className={columnClass(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column: { head, sort } }: { column: Column<Row> }) {
  if (sort === undefined) return head;
  return (
    <button type="button" className="table-sort" onClick={sort.onSort}>
      {head}
      {sort.direction !== undefined && <Icon name={sort.direction === "ascending" ? "up" : "down"} />}
    </button>
  );
}

function columnClass<Row>({ align, from, grow }: Column<Row>): string {
  return [align === "right" ? "cell-right" : "", from === undefined ? "" : `cell-from-${from}`, grow === true ? "cell-grow" : ""].join(" ");
}

/** A click on a link or button in a cell is that control's; one that ends a text selection is no click. */
function isPlainClick(target: EventTarget): boolean {
  if (target instanceof Element && target.closest("a, button") !== null) return false;
  return (window.getSelection()?.toString() ?? "") === "";
}

/** `j` and `k` move through the rows from wherever the focus is, but for fields. */
function useRowKeys(body: { current: HTMLTableSectionElement | null }, enabled: boolean) {
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, select, textarea, dialog") !== null) return;
      const rows = [...(body.current?.rows ?? [])];
      const focused = rows.findIndex((row) => row.contains(document.activeElement));
      const current = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
      const next = rows[current < 0 ? 0 : current + (event.key === "j" ? 1 : -1)];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [body, enabled]);
}

import "./panel.css";

import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  /** What the figures cover: unit and range. */
  note?: ReactNode;
  /** Controls at the right of the head. */
  tools?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A titled area of a page. */
export function Panel({ title, note, tools, className = "", children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className="panel-note">{note}</span>}
        {tools !== undefined && <div className="panel-tools">{tools}</div>}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}

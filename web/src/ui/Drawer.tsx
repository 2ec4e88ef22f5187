import "./drawer.css";

import { type ReactNode, useEffect, useRef } from "react";

import { IconButton } from "@/ui/Button";

/** A sheet at the right over the page; `Esc` closes it, the page beneath stays usable. */
export function Drawer({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const sheet = useRef<HTMLElement>(null);

  useEffect(() => {
    sheet.current?.focus({ preventScroll: true });
  }, [title]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest("dialog, input, select") !== null) return;
      onClose();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClose]);

  return (
    <aside ref={sheet} className="drawer" aria-label={title} tabIndex={-1}>
      <header className="drawer-head">
        <h2>{title}</h2>
        <IconButton icon="close" label="Close (Esc)" onClick={onClose} />
      </header>
      <div className="drawer-body">{children}</div>
    </aside>
  );
}

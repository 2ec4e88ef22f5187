import "./popover.css";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";

import { Button } from "@/ui/Button";
import type { IconName } from "@/ui/Icon";

interface PopoverProps {
  icon: IconName;
  /** Words of the button, and name of the sheet. */
  label: string;
  children: ReactNode;
}

/** A button with a small sheet below it, which `Esc`, a click elsewhere and a link within close. */
export function Popover({ icon, label, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);

  const close = () => {
    // The focus goes back only when the sheet had it: who clicked elsewhere is there already.
    if (sheet.current?.contains(document.activeElement) === true) root.current?.querySelector("button")?.focus();
    setOpen(false);
  };

  useEffect(() => {
    if (!open) return undefined;
    sheet.current?.querySelector<HTMLElement>("input:enabled, button:enabled, a")?.focus({ preventScroll: true });
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    window.addEventListener("pointerdown", onPointer);
    return () => window.removeEventListener("pointerdown", onPointer);
  }, [open]);

  return (
    // Keys and clicks belong to the controls within; this only hears them on their way out.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={root}
      className="popover"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest("a") !== null) close();
      }}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <Button icon={icon} aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => (open ? close() : setOpen(true))}>
        {label}
      </Button>
      {open && (
        <div ref={sheet} id={id} className="popover-sheet" role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}

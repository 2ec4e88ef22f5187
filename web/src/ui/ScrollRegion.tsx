import "./panel.css";

import type { ReactNode } from "react";

/** A stretch that scrolls, and is reached by keyboard for it. */
export function ScrollRegion({ label, className = "scroll-region-tall", children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div className={`scroll-region ${className}`} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}

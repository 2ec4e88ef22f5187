import "./notice.css";

import type { ReactNode } from "react";

import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";

/** Says that there is nothing, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <p className="notice-title">{title}</p>
      {children !== undefined && <div className="notice-text">{children}</div>}
    </div>
  );
}

/** What went wrong, in the words of the server. */
export interface Failure {
  message: string;
  requestId?: string | undefined;
}

/** A failed answer with a way to ask again. */
export function Failed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div className="notice notice-bad" role="alert">
      <p className="notice-title">
        <Icon name="warning" /> {failure.message}
      </p>
      <p className="notice-text">
        {failure.requestId !== undefined && (
          <>
            Request id <code className="mono">{failure.requestId}</code>, as in the server's log.
          </>
        )}
      </p>
      <Button icon="refresh" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

interface SkeletonProps {
  rows?: number;
  label?: string;
  /** What comes: lines, or cards beside each other. */
  look?: "lines" | "cards";
}

/** Grey bars that hold the place of what is on its way. */
export function Skeleton({ rows = 3, label = "Loading", look = "lines" }: SkeletonProps) {
  return (
    <div className={`skeleton skeleton-${look}`} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="skeleton-row" />
      ))}
      <span className="skeleton-late">Still waiting for the server</span>
    </div>
  );
}

/** A strip above the page for what concerns all of it. */
export function Banner({ tone, children, action }: { tone: "info" | "warn"; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={`banner banner-${tone}`} role="status">
      <Icon name={tone === "info" ? "info" : "warning"} />
      <div className="banner-text">{children}</div>
      {action}
    </div>
  );
}

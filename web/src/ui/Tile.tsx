import "./tile.css";

import type { ReactNode } from "react";

import { Sparkline } from "@/ui/Sparkline";

interface TileProps {
  label: string;
  /** Nothing where the figure is unknown. */
  value: string | undefined;
  /** The figure is on its way. */
  isLoading?: boolean;
  unit?: string | undefined;
  /** Range or meaning, in small type. */
  note: string;
  change?: { text: string; tone: "good" | "bad" | "plain"; title: string } | undefined;
  /** Its course; null is a gap. */
  spark?: readonly (number | null)[] | undefined;
  tone?: "bad" | "warn" | undefined;
  /** Wraps the whole tile in a link to its rows. */
  link: (content: ReactNode) => ReactNode;
}

/** One figure with its unit, range, course and change. */
export function Tile({ label, value, isLoading = false, unit, note, change, spark, tone, link }: TileProps) {
  return (
    <div className="tile">
      {link(
        <>
          <span className="tile-label">{label}</span>
          <span className="tile-figure">
            <span className={`tile-value ${tone === undefined ? "" : `tile-${tone}`}`}>{value ?? (isLoading ? <span className="skeleton-row tile-loading" /> : "–")}</span>
            {unit !== undefined && value !== undefined && <span className="tile-unit">{unit}</span>}
          </span>
          <Sparkline values={spark ?? []} />
          <span className="tile-foot">
            <span className="tile-note">{note}</span>
            {change !== undefined && (
              <span className={`tile-change tile-change-${change.tone}`} title={change.title}>
                {change.text}
              </span>
            )}
          </span>
        </>,
      )}
    </div>
  );
}

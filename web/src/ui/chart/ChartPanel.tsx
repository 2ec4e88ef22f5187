import { type ReactNode, useState } from "react";

import { IconButton } from "@/ui/Button";
import { hasValues, type Series } from "@/ui/chart/series";
import { SeriesTable } from "@/ui/chart/SeriesTable";
import { TimeChart, type TimeChartProps } from "@/ui/chart/TimeChart";
import { type Failure, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

interface ChartPanelProps extends Omit<TimeChartProps, "onPoint" | "height"> {
  title: string;
  note: string;
  height?: 150 | 190;
  loading: boolean;
  failure: Failure | null;
  onRetry: () => void;
  emptyText: string;
  /** Text of a bucket's start. */
  timeText: (seconds: number) => string;
  /** Wraps the entry of a series in a link to its rows. */
  legendLink?: (series: Series, content: ReactNode) => ReactNode;
  /** Value of a series at this moment; shown while no bucket is pointed at. */
  current?: (series: Series) => string | undefined;
}

/** A chart with its key, its figures as a table, and every state it can be in, all of the same height. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, note, loading, failure, onRetry, emptyText, timeText, legendLink, current, height = 190, ...chart } = props;
  const [asTable, setAsTable] = useState(false);
  const [point, setPoint] = useState<number | null>(null);
  const pointedTime = point === null ? undefined : chart.times[point];

  const body = () => {
    if (failure !== null || loading) {
      return <div className={`chart-state chart-h${height}`}>{failure !== null ? <Failed failure={failure} onRetry={onRetry} /> : <Skeleton rows={5} label={`Loading ${title}`} />}</div>;
    }
    if (!hasValues(chart.series)) return <div className={`chart-empty chart-h${height}`}>{emptyText}</div>;
    if (asTable) return <SeriesTable caption={title} {...chart} timeText={timeText} height={height} />;
    return <TimeChart {...chart} height={height} onPoint={setPoint} />;
  };

  return (
    <Panel
      title={title}
      note={note}
      tools={
        <IconButton
          icon={asTable ? "chart" : "table"}
          label={asTable ? `Show ${title} as a chart` : `Show ${title} as a table`}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        />
      }
    >
      <div className="legend">
        {chart.series.map((series) => {
          const value = pointedTime === undefined || point === null ? current?.(series) : valueText(series.values[point], chart.format);
          const content = (
            <>
              <span className={series.dash === true ? "swatch swatch-dash" : "swatch"} style={{ background: `var(${series.colour})` }} />
              <span className="legend-name">{series.label}</span>
              {value !== undefined && <span className="legend-value">{value}</span>}
            </>
          );
          return (
            <span key={series.key}>{legendLink?.(series, content) ?? <span className="legend-item">{content}</span>}</span>
          );
        })}
        <span className="legend-at">{pointedTime !== undefined ? timeText(pointedTime) : current === undefined ? "" : "now"}</span>
      </div>
      {body()}
    </Panel>
  );
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value == null ? "–" : format(value);
}

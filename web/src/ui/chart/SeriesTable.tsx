import type { Series } from "@/ui/chart/series";
import { type Column, DataTable } from "@/ui/DataTable";
import { ScrollRegion } from "@/ui/ScrollRegion";

interface SeriesTableProps {
  caption: string;
  times: readonly number[];
  series: readonly Series[];
  format: (value: number) => string;
  timeText: (seconds: number) => string;
  height: number;
}

/** The figures behind a chart, newest first. */
export function SeriesTable({ caption, times, series, format, timeText, height }: SeriesTableProps) {
  const rows = times.map((time, index) => ({ time, index })).reverse();
  const columns: Column<{ time: number; index: number }>[] = [
    { key: "time", head: "From", cell: ({ time }) => timeText(time), grow: true },
    ...series.map(({ key, label, values }): Column<{ time: number; index: number }> => ({
      key,
      head: label,
      align: "right",
      cell: ({ index }) => {
        const value = values[index];
        return value == null ? "–" : format(value);
      },
    })),
  ];
  return (
    <ScrollRegion label={`${caption}, figures`} className={`chart-h${height}`}>
      <DataTable caption={caption} columns={columns} rows={rows} rowKey={({ time }) => time} />
    </ScrollRegion>
  );
}

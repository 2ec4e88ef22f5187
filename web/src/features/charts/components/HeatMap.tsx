import "./analytics.css";

import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { useHeat } from "@/features/charts/api/useHeat";
import { heatGrid, heatStep } from "@/features/charts/components/heat";
import { failureOf } from "@/lib/api";
import { bucketTime, zoomRange } from "@/lib/bucket";
import { compact, count } from "@/lib/format";
import { pages } from "@/lib/paths";
import { rangeText } from "@/lib/range";
import { type RankedBy, withoutFilters, withRange } from "@/lib/search";
import { zone } from "@/lib/time";
import { useSearchState } from "@/lib/useSearchState";
import type { RequestsPoint } from "@/lib/wire";
import { Loaded } from "@/ui/Loaded";
import { Empty } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { ScrollRegion } from "@/ui/ScrollRegion";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const NAMES: Record<RankedBy, string> = { requests: "Requests", blocked: "Would be or were blocked", threats: "Threats" };
const PICK: Record<RankedBy, (point: RequestsPoint) => number> = {
  requests: ({ requests }) => requests,
  blocked: ({ blocked }) => blocked,
  threats: ({ blocked, flagged }) => blocked + flagged,
};

/** Counts by hour of the day and day of the week: a table whose cells are shaded. */
export function HeatMap() {
  const { search, window } = useSearchState();
  const by = search.by ?? "requests";
  const heat = useHeat(window);
  const points = heat.data?.data;
  const grid = useMemo(() => heatGrid(points?.map((point) => ({ at: Date.parse(point.time) / 1000, count: PICK[by](point) })) ?? []), [points, by]);
  const largest = Math.max(0, ...grid.flat().map((cell) => cell?.count ?? 0));
  const title = `${NAMES[by]} by hour and weekday`;

  const cellBody = (cell: (typeof grid)[number][number]) => {
    if (cell === null) return null;
    const text = compact(cell.count);
    const [only, ...others] = cell.hours;
    if (only === undefined || others.length > 0) return <span title={`${count(cell.count)} in ${count(cell.hours.length)} such hours`}>{text}</span>;
    const span = withRange(withoutFilters(search), zoomRange(only, only + 3600));
    return (
      <Link to={by === "threats" ? pages.threats : pages.traffic} search={{ ...span, ...(by === "blocked" ? { action: "block" } : {}) }} title={`${count(cell.count)} in the hour from ${bucketTime(only)}`}>
        {text}
      </Link>
    );
  };

  return (
    <Panel title={title} note={`count · hours in ${zone()} · ${rangeText(search)}`}>
      <Loaded data={points} failure={failureOf(heat.error)} onRetry={() => void heat.refetch()} label={`Loading ${title}`} rows={10}>
        {() =>
          (heat.data?.window.bucket_s ?? 0) > 3600 ? (
            <Empty title="Hours are counted in ranges of up to 41 days">Choose a shorter range.</Empty>
          ) : largest === 0 ? (
            <Empty title={`None, ${rangeText(search)}`}>Choose a longer range to look further back.</Empty>
          ) : (
            <ScrollRegion label={title}>
              <table className="heat">
                <caption className="sr-only">{`${title}, ${rangeText(search)}`}</caption>
                <thead>
                  <tr>
                    <td />
                    {HOURS.map((hour) => (
                      <th key={hour} scope="col">
                        {String(hour).padStart(2, "0")}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {grid.map((row, day) => (
                    <tr key={DAYS[day]}>
                      <th scope="row">{DAYS[day]}</th>
                      {row.map((cell, hour) => (
                        <td key={hour} className={cell === null ? "heat-none" : `heat-${heatStep(cell.count, largest)}`}>
                          {cellBody(cell)}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
          )
        }
      </Loaded>
    </Panel>
  );
}

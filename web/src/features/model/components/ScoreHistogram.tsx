import { count, decimal } from "@/lib/format";
import type { ScoreHistogram as Scores } from "@/lib/wire";

/** Width and height of the drawing, which is stretched to its place. */
const WIDTH = 1000;
const HEIGHT = 160;

/**
 * Requests by score on a logarithmic scale, since nearly all score near 0, with the threshold in force and the one that is
 * tried. The figures stand in the table beneath.
 */
export function ScoreHistogram({ scores, tried }: { scores: Scores; tried: number }) {
  const most = Math.max(1, ...scores.bins.map(({ requests }) => requests));
  const height = (requests: number) => (requests === 0 ? 0 : 4 + ((HEIGHT - 4) * Math.log1p(requests)) / Math.log1p(most));
  const filled = scores.bins.filter(({ requests }) => requests > 0);
  return (
    <figure className="histogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" className="histogram-bars">
        {scores.bins.map(({ from, to, requests }) => (
          <rect
            key={from}
            x={from * WIDTH + 1}
            width={Math.max(1, (to - from) * WIDTH - 2)}
            y={HEIGHT - height(requests)}
            height={height(requests)}
            className={from >= tried ? "histogram-block" : from >= scores.flag_threshold ? "histogram-flag" : "histogram-allow"}
          >
            <title>{`${count(requests)} requests with scores from ${decimal(from, 2)} to ${decimal(to, 2)}`}</title>
          </rect>
        ))}
        <line x1={scores.threshold * WIDTH} x2={scores.threshold * WIDTH} y1={0} y2={HEIGHT} className="histogram-now" />
        <line x1={tried * WIDTH} x2={tried * WIDTH} y1={0} y2={HEIGHT} className="histogram-tried" />
      </svg>
      <details className="histogram-table">
        <summary>Figures as a table</summary>
        <table className="table">
          <caption className="sr-only">Requests by score</caption>
          <thead>
            <tr>
              <th scope="col">Score</th>
              <th scope="col" className="cell-right">
                Requests
              </th>
            </tr>
          </thead>
          <tbody>
            {filled.map(({ from, to, requests }) => (
              <tr key={from}>
                <th scope="row">{`${decimal(from, 2)} – ${decimal(to, 2)}`}</th>
                <td className="cell-right">{count(requests)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

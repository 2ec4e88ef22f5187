/** A small line without axes beside a number; it adds no figure of its own. What was not measured is a gap. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const max = Math.max(...values.map((value) => value ?? 0), 0);
  if (values.length < 2 || max === 0) return <svg className="sparkline" viewBox="0 0 100 24" aria-hidden="true" />;
  const step = 100 / (values.length - 1);
  return (
    <svg className="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {stretches(values).map(({ start, held }) => {
        const x = (index: number) => ((start + index) * step).toFixed(2);
        const points = held.map((value, index) => `${x(index)},${(23 - (value / max) * 21).toFixed(2)}`).join(" ");
        return (
          <g key={start}>
            <polygon className="sparkline-area" points={`${x(0)},24 ${points} ${x(held.length - 1)},24`} />
            <polyline className="sparkline-line" points={points} />
          </g>
        );
      })}
    </svg>
  );
}

/** Values without a gap between them, and where they begin. */
function stretches(values: readonly (number | null)[]): { start: number; held: number[] }[] {
  const found: { start: number; held: number[] }[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const last = found.at(-1);
    if (last !== undefined && last.start + last.held.length === index) last.held.push(value);
    else found.push({ start: index, held: [value] });
  }
  return found;
}

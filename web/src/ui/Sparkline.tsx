/** A small line without axes beside a number; it adds no figure of its own. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const max = Math.max(...values, 0);
  if (values.length < 2 || max === 0) return <svg className="sparkline" viewBox="0 0 100 24" aria-hidden="true" />;
  const step = 100 / (values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(2)},${(23 - (value / max) * 21).toFixed(2)}`);
  return (
    <svg className="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <polygon className="sparkline-area" points={`0,24 ${points.join(" ")} 100,24`} />
      <polyline className="sparkline-line" points={points.join(" ")} />
    </svg>
  );
}

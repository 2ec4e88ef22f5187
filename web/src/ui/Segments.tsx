import "./segments.css";

interface SegmentsProps<Value extends string> {
  label: string;
  values: readonly Value[];
  chosen: Value;
  text: (value: Value) => string;
  onChoose: (value: Value) => void;
}

/** One of a few values, all of them in sight. */
export function Segments<Value extends string>({ label, values, chosen, text, onChoose }: SegmentsProps<Value>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {values.map((value) => (
        <button key={value} type="button" className="segment" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {text(value)}
        </button>
      ))}
    </div>
  );
}

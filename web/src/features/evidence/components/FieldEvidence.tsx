import "./evidence.css";

import { splitBySpans, markLevel } from "@/lib/highlight";
import { score } from "@/lib/format";
import type { Explanation, Field } from "@/lib/wire";
import { className } from "@/lib/vocabulary";
import { Badge } from "@/ui/Badge";

/** One inspected field: its raw value with the bytes that carried the verdict marked, and their decoded form beside it. */
export function FieldEvidence({ field, spans }: { field: Field; spans: readonly Explanation[] }) {
  const pieces = splitBySpans(field.value, spans);
  return (
    <section className="field" aria-label={fieldName(field.location, field.name)}>
      <header className="field-head">
        <span className="field-name mono">{fieldName(field.location, field.name)}</span>
        {field.class !== null && <Badge tone="bad">{className(field.class)}</Badge>}
        <span className="muted">score {score(field.score)}</span>
        {field.truncated && <Badge title="Only a part of the value is kept, with every marked span in it">cut</Badge>}
      </header>
      <pre className="field-value">
        {field.value === "" && <span className="muted">(empty)</span>}
        {pieces.map(({ text, span }, index) =>
          span === null ? (
            <span key={index}>{text}</span>
          ) : (
            <mark key={index} className={`mark mark-${markLevel(span.weight)}`} title={`Read as: ${span.text}\n${weightText(span.weight)}`}>
              {text}
            </mark>
          ),
        )}
      </pre>
      {spans.length > 0 && (
        <dl className="spans">
          {spans.map((span, index) => (
            <div key={index} className="span">
              <dt>
                <span className={`span-key mark-${markLevel(span.weight)}`} aria-hidden="true" />
                {weightText(span.weight)}
              </dt>
              <dd>
                <span className="sr-only">read as </span>
                <code className="mono">{span.text}</code>
                {span.decoded_from !== null && span.decoded_from !== span.text && (
                  <span className="muted">
                    {" "}
                    from <code className="mono">{span.decoded_from}</code>
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** `query id`, `header user-agent`, `path`. */
export function fieldName(location: string, name: string | null): string {
  return name === null || name === "" ? location : `${location} ${name}`;
}

function weightText(weight: number): string {
  const share = `${Math.round(Math.abs(weight) * 100)} %`;
  return weight < 0 ? `${share} for benign` : `${share} of the verdict`;
}

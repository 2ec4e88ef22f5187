import "./evidence.css";

import type { ReactNode } from "react";

import { FieldEvidence, fieldName } from "@/features/evidence/components/FieldEvidence";
import { score } from "@/lib/format";
import { className } from "@/lib/vocabulary";
import type { Explanation, ThreatDetail, TrafficDetail } from "@/lib/wire";
import { CopyButton } from "@/ui/CopyButton";

type Detail = TrafficDetail | ThreatDetail;

/** What was inspected, what carried the verdict, and the request as it was received. */
export function Evidence({ detail }: { detail: Detail }) {
  const counters = detail.explanation.filter(({ location }) => location === "behaviour");
  const classes = Object.entries(detail.scores).sort(([, a], [, b]) => b - a);
  const named = (each: Explanation) => detail.fields.some((field) => belongs(each, field));
  const loose = detail.explanation.filter((each) => each.location !== "behaviour" && !named(each));

  return (
    <>
      {counters.length > 0 && (
        <Block title="Behaviour counters">
          <ul className="counters">
            {counters.map(({ name, text, weight }, index) => (
              <li key={index}>
                <span className="mono">{name ?? "counter"}</span> {text} <span className="muted">{Math.round(weight * 100)} % of the verdict</span>
              </li>
            ))}
          </ul>
        </Block>
      )}
      {detail.fields.length > 0 && (
        <Block title="Inspected fields" note="worst first; marked: what carried the verdict">
          {detail.fields.map((field, index) => (
            <FieldEvidence key={index} field={field} spans={detail.explanation.filter((each) => belongs(each, field))} />
          ))}
        </Block>
      )}
      {loose.length > 0 && (
        <Block title="Further evidence">
          <ul className="counters">
            {loose.map(({ location, name, text }, index) => (
              <li key={index}>
                <span className="mono">{fieldName(location, name)}</span> <code className="mono">{text}</code>
              </li>
            ))}
          </ul>
        </Block>
      )}
      {classes.length > 0 && (
        <Block title="Score by class" note="probability, 0 to 1">
          <ul className="scores">
            {classes.map(([name, value]) => (
              <li key={name}>
                <span>{className(name)}</span>
                <meter className="score-bar" min={0} max={1} value={value} aria-hidden="true" />
                <span>{score(value)}</span>
              </li>
            ))}
          </ul>
        </Block>
      )}
      <Block title="Request as received" tools={<CopyButton text={detail.target} label="Copy target" />}>
        <pre className="raw">
          {detail.method} {detail.target}
        </pre>
        {detail.headers !== null && <HeaderList headers={detail.headers} />}
        {detail.body !== null && (
          <pre className="raw" aria-label="Body">
            {detail.body.text}
          </pre>
        )}
        {detail.unseen.length > 0 && <p className="unseen">Judged without {detail.unseen.join(", ")}: the log does not hold them.</p>}
      </Block>
      {detail.raw_line !== null && (
        <Block title="Log line" tools={<CopyButton text={detail.raw_line} label="Copy line" />}>
          <pre className="raw">{detail.raw_line}</pre>
        </Block>
      )}
    </>
  );
}

function HeaderList({ headers }: { headers: readonly { name: string; value: string }[] }) {
  if (headers.length === 0) return null;
  return (
    <dl className="headers">
      {headers.map(({ name, value }, index) => (
        <div key={index}>
          <dt className="mono">{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether a span lies in a field. */
export function belongs(span: Explanation, field: { location: string; name: string | null }): boolean {
  return span.location === field.location && (span.name ?? "") === (field.name ?? "");
}

function Block({ title, note, tools, children }: { title: string; note?: string; tools?: ReactNode; children: ReactNode }) {
  return (
    <section className="block" aria-label={title}>
      <header className="block-head">
        <h3>{title}</h3>
        {note !== undefined && <span className="muted">{note}</span>}
        {tools !== undefined && <span className="block-tools">{tools}</span>}
      </header>
      {children}
    </section>
  );
}

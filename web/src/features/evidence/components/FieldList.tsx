import { belongs } from "@/features/evidence/components/Evidence";
import { FieldEvidence, fieldName } from "@/features/evidence/components/FieldEvidence";
import type { Explanation, Field } from "@/lib/wire";

/** The fields in which something carried a verdict, with that marked; and what lies in no field. */
export function FieldList({ fields, spans }: { fields: readonly Field[]; spans: readonly Explanation[] }) {
  const told = fields.filter((field) => spans.some((span) => belongs(span, field)));
  const loose = spans.filter((span) => !fields.some((field) => belongs(span, field)));
  return (
    <>
      {told.map((field, index) => (
        <FieldEvidence key={index} field={field} spans={spans.filter((span) => belongs(span, field))} />
      ))}
      {loose.length > 0 && (
        <ul className="counters" aria-label="Further evidence">
          {loose.map(({ location, name, text }, index) => (
            <li key={index}>
              <span className="mono">{fieldName(location, name)}</span> <code className="mono">{text}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

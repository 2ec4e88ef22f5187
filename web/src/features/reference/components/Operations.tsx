import "./reference.css";

import type { Member, Operation, Reference, TypeText } from "@/features/reference/document";
import { Badge } from "@/ui/Badge";

/** A type, leading to its schema where that has a name. */
function Type({ type }: { type: TypeText }) {
  return type.schema === undefined ? <code>{type.text}</code> : <a href={`#schema-${type.schema}`}>{type.text}</a>;
}

function Members({ members, caption }: { members: (Member & { place?: string })[]; caption: string }) {
  return (
    <table className="reference-table">
      <caption>{caption}</caption>
      <tbody>
        {members.map((member) => (
          <tr key={`${member.place ?? ""} ${member.name}`}>
            <th scope="row">
              <code>{member.name}</code>
            </th>
            <td>{member.place}</td>
            <td>
              <Type type={member.type} />
            </td>
            <td>{member.required ? "required" : "optional"}</td>
            <td>{member.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OperationRow({ operation }: { operation: Operation }) {
  const { method, path, text, scope, parameters, body, answers } = operation;
  return (
    <details className="reference-row" id={`operation-${operation.id}`}>
      <summary>
        <Badge tone={method === "GET" ? "neutral" : "accent"}>{method}</Badge> <code className="reference-path">{path}</code> <span className="reference-text">{text}</span>
      </summary>
      <p>{scope === undefined ? "Open to whoever asks." : `Needs the scope ${scope}.`}</p>
      {parameters.length > 0 && <Members members={parameters} caption="Parameters" />}
      {body !== undefined && (
        <p>
          Body: <Type type={body} />
        </p>
      )}
      <table className="reference-table">
        <caption>Answers</caption>
        <tbody>
          {answers.map((answer) => (
            <tr key={answer.status}>
              <th scope="row">{answer.status}</th>
              <td>{answer.type !== undefined && <Type type={answer.type} />}</td>
              <td>{answer.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Operations by their group. */
export function Operations({ groups }: { groups: Reference["groups"] }) {
  return groups.map(({ tag, operations }) => (
    <section key={tag} aria-label={tag}>
      <h3 className="reference-tag">{tag}</h3>
      {operations.map((operation) => (
        <OperationRow key={operation.id} operation={operation} />
      ))}
    </section>
  ));
}

/** What bodies hold. */
export function Schemas({ schemas }: { schemas: Reference["schemas"] }) {
  return schemas.map(({ name, text, members, type }) => (
    <details key={name} className="reference-row" id={`schema-${name}`}>
      <summary>
        <code className="reference-path">{name}</code> <span className="reference-text">{text}</span>
      </summary>
      {members.length > 0 ? <Members members={members} caption="Members" /> : <p>{type.text}</p>}
    </details>
  ));
}

// The OpenAPI document as the page of the reference shows it. It is read as whatever it may be: a newer server may say more.

/** What a value is, in words, and the schema that it has a name for. */
export interface TypeText {
  text: string;
  /** Name of the schema that tells more. */
  schema?: string;
}

export interface Member {
  name: string;
  type: TypeText;
  required: boolean;
  text: string;
}

export interface Parameter extends Member {
  /** `path`, `query` or `header`. */
  place: string;
}

export interface Answer {
  status: string;
  text: string;
  type?: TypeText;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  text: string;
  /** The scope that a caller needs; undefined for whoever asks. */
  scope?: string;
  parameters: Parameter[];
  body?: TypeText;
  answers: Answer[];
}

export interface Reference {
  groups: { tag: string; operations: Operation[] }[];
  schemas: { name: string; text: string; members: Member[]; type: TypeText }[];
}

type Bag = Record<string, unknown>;

const METHODS = ["get", "post", "put", "patch", "delete"];
const PREFIX = "#/components/schemas/";

const bag = (value: unknown): Bag => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What a schema says a value is. */
export function typeOf(schema: unknown): TypeText {
  const { $ref, type, items, format, enum: values, oneOf, anyOf, allOf } = bag(schema);
  if (typeof $ref === "string") {
    const name = $ref.startsWith(PREFIX) ? $ref.slice(PREFIX.length) : $ref;
    return { text: name, schema: name };
  }
  const among = [...list(oneOf), ...list(anyOf), ...list(allOf)].map(typeOf);
  if (among.length > 0) {
    const named = among.find((one) => one.schema !== undefined);
    return { text: [...new Set(among.map((one) => one.text))].join(" or "), ...(named?.schema !== undefined && { schema: named.schema }) };
  }
  if (Array.isArray(values)) return { text: values.map((value) => JSON.stringify(value)).join(" or ") };
  const names = (Array.isArray(type) ? type : [type]).map(text).filter((name) => name !== "");
  if (names.includes("array")) {
    const of = typeOf(items);
    return { ...of, text: `list of ${of.text}` };
  }
  const words = names.length > 0 ? names.join(" or ") : "any";
  return { text: typeof format === "string" ? `${words} (${format})` : words };
}

function membersOf(schema: unknown): Member[] {
  const { properties, required } = bag(schema);
  return Object.entries(bag(properties)).map(([name, member]) => ({
    name,
    type: typeOf(member),
    required: list(required).includes(name),
    text: text(bag(member).description),
  }));
}

/** The schema of JSON among media types, or the names of those. */
function contentType(content: unknown): TypeText | undefined {
  const types = bag(content);
  const [first] = Object.keys(types);
  if (first === undefined) return undefined;
  const json = types["application/json"];
  return json === undefined ? { text: Object.keys(types).join(", ") } : typeOf(bag(json).schema);
}

function operationOf(method: string, path: string, value: unknown): Operation {
  const { operationId, summary, description, security, parameters, requestBody, responses } = bag(value);
  const scope = list(security).flatMap((way) => Object.values(bag(way)).flatMap(list)).map(text)[0];
  const body = contentType(bag(requestBody).content);
  return {
    id: text(operationId) || `${method}-${path}`,
    method: method.toUpperCase(),
    path,
    text: text(summary) || text(description),
    ...(scope !== undefined && { scope }),
    parameters: list(parameters).map((parameter) => {
      const { name, in: place, required, description: about, schema } = bag(parameter);
      return { name: text(name), place: text(place), required: required === true, text: text(about), type: typeOf(schema) };
    }),
    ...(body !== undefined && { body }),
    answers: Object.entries(bag(responses)).map(([status, response]) => {
      const type = contentType(bag(response).content);
      return { status, text: text(bag(response).description), ...(type !== undefined && { type }) };
    }),
  };
}

/** Reads an OpenAPI document. */
export function readDocument(document: unknown): Reference {
  const groups = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(bag(bag(document).paths))) {
    for (const method of METHODS) {
      const operation = bag(item)[method];
      if (operation === undefined) continue;
      const tag = text(list(bag(operation).tags)[0]) || "other";
      groups.set(tag, [...(groups.get(tag) ?? []), operationOf(method, path, operation)]);
    }
  }
  const schemas = Object.entries(bag(bag(bag(document).components).schemas));
  return {
    groups: [...groups].map(([tag, operations]) => ({ tag, operations })),
    schemas: schemas.map(([name, schema]) => ({ name, text: text(bag(schema).description), members: membersOf(schema), type: typeOf(schema) })),
  };
}

/** The operations that hold every word in method, path, text or tag. */
export function matching({ groups }: Reference, wanted: string): Reference["groups"] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const holds = (tag: string, one: Operation) => {
    const all = `${tag} ${one.method} ${one.path} ${one.text} ${one.id}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return groups
    .map(({ tag, operations }) => ({ tag, operations: operations.filter((one) => holds(tag, one)) }))
    .filter(({ operations }) => operations.length > 0);
}

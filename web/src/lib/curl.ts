// A request as a line for a shell. What is quoted was written by an attacker: a wrong quote would run it.

/** What is known of a request; `null` and empty lists where the log does not tell. */
export interface CurlRequest {
  method: string;
  host: string | null;
  target: string;
  headers: readonly { name: string; value: string }[] | null;
  userAgent: string | null;
  body: string | null;
  /** The kept body is not all that was sent. */
  isCut?: boolean;
}

/** Where requests go whose host the log does not name. */
const NO_HOST = "host-not-in-the-log.invalid";

/** Headers that curl makes itself from what it sends. */
const OWN_HEADERS = new Set(["host", "content-length", "transfer-encoding", "connection", "user-agent"]);

/**
 * One argument for a shell, whatever it holds. A control character would be taken by the terminal into which the line is
 * pasted before any shell sees the quotes (0x03 gives the line up and runs the next), so such texts are written with
 * escapes, as bash, zsh and ksh read them. A NUL cannot be an argument at all and is left out.
 */
export function shellQuoted(text: string): string {
  const clean = text.replaceAll("\0", "");
  if (!CONTROL.test(clean)) return `'${clean.replaceAll("'", "'\\''")}'`;
  const escaped = clean.replace(/[\\']/g, "\\$&").replace(new RegExp(CONTROL, "gu"), octal);
  return `$'${escaped}'`;
}

/** C0, DEL and C1. */
const CONTROL = /[\p{Cc}]/u;

/** The bytes of a character in UTF-8, each as three octal digits. */
function octal(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/**
 * The request as one curl command. It is sent as it came: curl neither resolves dots nor expands brackets. What the log
 * does not hold, or holds in part, stands as a comment in front.
 */
export function curlCommand(request: CurlRequest): string {
  const { method, target, headers, userAgent, body } = request;
  const host = isHost(request.host) ? request.host : NO_HOST;
  const parts = ["curl", "--globoff", "--path-as-is", "--request", shellQuoted(method), "--url", shellQuoted(`http://${host}`)];
  // A target that is no path, such as `*` or a whole address, is sent as it stands.
  parts.push("--request-target", shellQuoted(withoutBreaks(target)));
  const agent = headers?.find(({ name }) => name.toLowerCase() === "user-agent")?.value ?? userAgent;
  if (agent !== null) parts.push("--user-agent", shellQuoted(withoutBreaks(agent)));
  for (const { name, value } of headers ?? []) {
    if (!OWN_HEADERS.has(name.toLowerCase())) parts.push("--header", shellQuoted(headerText(name, value)));
  }
  // `--data-raw` because a body that begins with `@` would be read as the name of a file.
  if (body !== null) parts.push("--data-raw", shellQuoted(body));
  return [...notes(request).map((note) => `# ${note}`), parts.join(" ")].join("\n");
}

/** What the command cannot say. */
function notes({ host, headers, body, isCut = false }: CurlRequest): string[] {
  const found: string[] = [];
  if (!isHost(host)) found.push("The log does not name the host: put it into --url.");
  if (headers === null) found.push("The log does not hold headers.");
  if (body === null) found.push("The log does not hold a body; there may have been one.");
  if (isCut) found.push("Only the beginning of the body was kept.");
  return found;
}

/** `name: value`; a header without a value is written with a semicolon, or curl would drop it. */
function headerText(name: string, value: string): string {
  const clean = withoutBreaks(value);
  // A first `@` would name a file of headers.
  const key = withoutBreaks(name).replace(/^@+/, "");
  return clean === "" ? `${key};` : `${key}: ${clean}`;
}

/** A line break would begin another header. */
function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

/** Whether a host may stand in an address; what else a client writes there might be an option or another address. */
function isHost(host: string | null): host is string {
  return host !== null && /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?$/i.test(host);
}

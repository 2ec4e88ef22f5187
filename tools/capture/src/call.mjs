import { uploads } from "./files.mjs";
import { Words } from "./words.mjs";

/**
 * One call that a program makes with its own library, whatever that does to encode it.
 * @typedef {{scene: string, host: string, method: string, path: string, query?: [string, string][], headers?: [string, string][], auth?: [string, string], form?: [string, string][], json?: unknown, text?: string, type?: string, parts?: {name: string, value?: string, filename?: string, type?: string, data?: string}[]}} Call
 * `data` of a part is base64; `text` goes with `type` as it is.
 */

/** @param {Words} w */
const soap = (w) => `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Header><wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><wsse:UsernameToken><wsse:Username>shop</wsse:Username><wsse:Nonce>${w.seed.bytes(12).toString("base64")}</wsse:Nonce></wsse:UsernameToken></wsse:Security></soap:Header><soap:Body><GetQuote xmlns="http://example.com/stock"><Name>${w.name().replaceAll("&", "&amp;")}</Name><Amount currency="EUR">${w.price()}</Amount><Note><![CDATA[${w.prose()}]]></Note></GetQuote></soap:Body></soap:Envelope>`;
/** @param {Words} w */
const xmlrpc = (w) => `<?xml version="1.0"?><methodCall><methodName>metaWeblog.newPost</methodName><params><param><value><string>1</string></value></param><param><value><struct><member><name>title</name><value><string>${w.product().replaceAll("&", "&amp;")}</string></value></member><member><name>description</name><value><string>${w.prose().replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</string></value></member></struct></value></param><param><value><boolean>1</boolean></value></param></params></methodCall>`;
/** @param {Words} w */
const push = (w) => ({ ref: "refs/heads/main", before: w.hex(40), after: w.hex(40), repository: { id: w.id(), full_name: "acme/shop", url: "https://git.example/acme/shop", default_branch: "main" }, pusher: { name: "anna", email: w.email() }, commits: [{ id: w.hex(40), message: `Fix #${w.seed.whole(1, 99)}: don't drop the table's header; update list\n\nCloses: select box was empty`, timestamp: w.time(), author: { name: w.name(), email: w.email() }, added: ["src/a b.rs"], modified: ["docs/read_me.md", ".env.example"], removed: [] }], head_commit: null });
/** @param {Words} w */
const charge = (w) => ({ id: `evt_${w.hex(24)}`, object: "event", api_version: "2025-03-31", created: 1790000000, type: "payment_intent.succeeded", livemode: true, pending_webhooks: 1, request: { id: `req_${w.hex(14)}`, idempotency_key: w.uuid() }, data: { object: { id: `pi_${w.hex(24)}`, amount: w.id(), currency: "eur", description: w.product(), metadata: { order: w.sku(), note: w.prose() }, shipping: { name: w.name(), address: { line1: w.street(), city: w.city(), country: "DE" } } } } });
/** @param {Words} w */
const logs = (w) => Array.from({ length: 3 }, (_, i) => JSON.stringify({ "@timestamp": w.time(), level: ["INFO", "WARN", "ERROR"][i], logger: "com.acme.Shop", message: [`GET /search?q=${encodeURIComponent(w.search())} 200 12ms`, `slow query (3120 ms): order list of ${w.name()}`, "java.io.IOException: Broken pipe\n\tat sun.nio.ch.FileDispatcherImpl.write0(Native Method)\n\t... 12 more"][i], tags: ["a", "b c"] })).join("\n") + "\n";
/** @param {Words} w */
const otlp = (w) => ({ resourceLogs: [{ resource: { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] }, scopeLogs: [{ scope: { name: "log" }, logRecords: [{ timeUnixNano: "1790000000000000000", severityText: "WARN", body: { stringValue: w.prose() }, attributes: [{ key: "http.target", value: { stringValue: `/p?id=${w.id()}&ref=a%2Fb` } }, { key: "retry", value: { boolValue: false } }], traceId: w.hex(32), spanId: w.hex(16) }] }] }] });
/** @param {Words} w @param {number} k */
const file = (w, k) => {
  const f = uploads(`${w.hex(8)}`)[k];
  return { name: "file", filename: f.name, type: f.type, data: f.data.toString("base64") };
};

/** The calls of one program; the values come from its name. @param {string} client @returns {Call[]} */
export function calls(client) {
  const w = new Words(client);
  const bearer = () => /** @type {[string, string]} */ (["Authorization", `Bearer ${w.jwt()}`]);
  /** @type {Call[]} */
  const list = [];
  const add = (/** @type {string} */ scene, /** @type {string} */ host, /** @type {string} */ method, /** @type {string} */ path, /** @type {Partial<Call>} */ more = {}) => list.push({ scene, host, method, path, ...more });
  for (let i = 0; i < 2; i++) {
    const id = w.id();
    add("rest", "api.example", "GET", "/v1/products", { query: [["q", w.search()], ["page", String(i + 1)], ["tags", "a b"], ["tags", "c&d"], ["fields", "id,name,price"], ["created[gte]", w.date()]], headers: [bearer(), ["Accept", "application/json"]] });
    add("rest", "api.example", "GET", `/v1/users/${w.uuid()}/orders/${id}`, { headers: [["Accept", "application/json"], ["X-Request-Id", w.uuid()], ["If-None-Match", `W/"${w.hex(16)}"`]] });
    add("rest", "api.example", "POST", "/v1/orders", { headers: [bearer(), ["Idempotency-Key", w.uuid()]], json: { customer: { name: w.name(), email: w.email() }, lines: [{ sku: w.sku(), name: w.product(), qty: 2, price: w.price() }], note: w.prose(), paid: false, ref: null } });
    add("rest", "api.example", "PUT", `/v1/settings/${id}`, { json: { theme: "dark", colour: w.colour(), home: w.site(), "mail.signature": `-- \n${w.name()}\n${w.phone()}` } });
    add("rest", "api.example", "PATCH", `/v1/tickets/${id}`, { json: { status: "open", comment: w.prose() }, headers: [bearer()] });
    add("rest", "api.example", "DELETE", `/v1/carts/${id}/items/${w.hex(6)}`, { headers: [bearer()] });
    add("graphql", "api.example", "POST", "/graphql", { json: { operationName: "Search", query: "query Search($q: String!, $n: Int = 10) {\n  search(text: $q, first: $n) {\n    nodes { id title ... on Post { body } }\n  }\n}", variables: { q: w.search(), n: 20 } } });
    add("graphql", "api.example", "GET", "/graphql/get", { query: [["query", `{ user(id: ${id}) { name posts(first: 3, orderBy: {field: CREATED, direction: DESC}) { title } } }`], ["variables", "{}"]] });
    add("soap", "ws.example", "POST", "/services/Stock.asmx", { text: soap(w), type: "text/xml; charset=utf-8", headers: [["SOAPAction", "\"http://example.com/stock/GetQuote\""]] });
    add("xmlrpc", "blog.example", "POST", "/xmlrpc.php", { text: xmlrpc(w), type: "text/xml" });
    add("jsonrpc", "node.example", "POST", "/rpc", { json: [{ jsonrpc: "2.0", id: 1, method: "user.search", params: [w.name(), { city: w.city() }] }, { jsonrpc: "2.0", method: "log", params: { text: w.prose() } }] });
    add("form", "app.example", "POST", "/login", { form: [["username", w.email()], ["password", w.password()], ["remember", "on"], ["next", "/home?tab=1&x=y"]] });
    add("form", "app.example", "POST", "/contact", { form: [["name", w.name()], ["message", w.prose()], ["tags[]", "a b"], ["tags[]", "c+d"]] });
    add("oauth", "login.example", "POST", "/oauth2/token", { auth: [`client-${id}`, w.password()], form: [["grant_type", "authorization_code"], ["code", `4/0AX4Xf${w.hex(40)}`], ["redirect_uri", "https://app.example/callback?from=web"], ["code_verifier", w.hex(64)]] });
    add("oauth", "login.example", "GET", "/oauth2/authorize", { query: [["response_type", "code id_token"], ["client_id", w.uuid()], ["redirect_uri", "https://app.example/cb?next=%2Fhome"], ["scope", "openid profile https://api.example/read"], ["state", w.hex(32)], ["claims", JSON.stringify({ userinfo: { email: { essential: true } } })]] });
    add("upload", "up.example", "POST", "/files", { parts: [{ name: "title", value: w.product() }, { name: "note", value: w.prose() }, file(w, i * 3)], headers: [bearer()] });
    add("upload", "up.example", "POST", "/documents/batch", { parts: [{ name: "meta", value: JSON.stringify({ by: w.name(), tags: ["x"] }), type: "application/json" }, file(w, 1 + i), { ...file(w, 4 + i), name: "files[]" }] });
    add("webhook-git", "hook.example", "POST", "/hooks/git", { json: push(w), headers: [["X-GitHub-Event", "push"], ["X-GitHub-Delivery", w.uuid()], ["X-Hub-Signature-256", `sha256=${w.hex(64)}`]] });
    add("webhook-pay", "hook.example", "POST", "/hooks/pay?v=2", { json: charge(w), headers: [["Stripe-Signature", `t=1790000000,v1=${w.hex(64)}`]] });
    add("webhook-chat", "hook.example", "POST", `/services/T0${w.hex(6).toUpperCase()}/B0/${w.hex(20)}`, { form: [["payload", JSON.stringify({ text: `<https://ci.example/1?x=y|Build #${id}> failed: *${w.name()}*`, attachments: [{ color: "#ff0000", fields: [{ title: "Branch", value: "fix/o'neil-name" }] }] })]] });
    add("logs", "logs.example", "POST", "/_bulk", { text: logs(w), type: "application/x-ndjson" });
    add("logs", "logs.example", "POST", "/loki/api/v1/push", { json: { streams: [{ stream: { app: "shop", level: "warn" }, values: [["1790000000000000000", `level=warn msg="cart of ${w.email()} is empty" path=/cart?id=${id} err="EOF"`]] }] }, headers: [["X-Scope-OrgID", "tenant-1"]] });
    add("otlp", "otel.example", "POST", "/v1/logs", { json: otlp(w) });
    add("metrics", "tsdb.example", "POST", "/api/v2/write", { query: [["org", "acme & co"], ["bucket", "web/prod"], ["precision", "ms"]], text: `http,host=web-1,path=/p/\\ 1 count=12i,ms=3.5 1790000000000\ncart,city=${encodeURIComponent(w.city())} total=${w.price()},note="it's ok" 1790000000001\n`, type: "text/plain; charset=utf-8" });
    add("prometheus", "tsdb.example", "GET", "/api/v1/query_range", { query: [["query", "sum by (path) (rate(http_requests_total{job=~\"web|api\",code!~\"5..\"}[5m])) / 60 > 0.5"], ["start", "1790000000"], ["end", "1790003600"], ["step", "15s"]] });
    add("issue-search", "track.example", "GET", "/rest/api/2/search", { query: [["jql", `project = WEB AND (text ~ "${w.search().replaceAll('"', "")}" OR assignee in (currentUser(), "o'neil")) ORDER BY created DESC`], ["maxResults", "50"], ["fields", "summary,*navigable"]], auth: ["anna@example.com", w.hex(24)] });
    add("geo", "maps.example", "GET", "/maps/api/directions/json", { query: [["origin", `${w.street()}, ${w.city()}`], ["destination", "48.137154,11.576124"], ["waypoints", "optimize:true|Bonn|via:Köln"], ["mode", "transit"], ["key", `AIza${w.hex(30)}`]] });
    add("cms", "cms.example", "GET", "/jsonapi/node/article", { query: [["filter[title][operator]", "CONTAINS"], ["filter[title][value]", w.search()], ["include", "field_image,uid"], ["page[limit]", "10"], ["sort", "-created"]] });
    add("range", "dl.example", "GET", `/files/backup-${id}.zip`, { headers: [["Range", "bytes=1024-4095"]] });
    add("dav", "dav.example", "PUT", `/dav/anna/${encodeURIComponent(w.product().replaceAll("/", "-"))}.txt`, { text: w.prose(), type: "text/plain", auth: ["anna", w.password()] });
    add("health", "api.example", "GET", ["/healthz", "/robots.txt"][i]);
    add("feed", "blog.example", "GET", ["/feed/?paged=2", "/sitemap_index.xml"][i]);
    add("head", "dl.example", "HEAD", `/files/setup-${id}.exe`);
  }
  return list;
}

/** @param {Call} c @returns {string} path with the query as a browser would encode it */
export function target(c) {
  if (!c.query?.length) return c.path;
  return `${c.path}${c.path.includes("?") ? "&" : "?"}${new URLSearchParams(c.query)}`;
}

/** The calls for a program without a JSON reader: one line each, its columns in base64. @param {Call[]} list @returns {string} */
export function lines(list) {
  const b64 = (/** @type {string} */ s) => Buffer.from(s).toString("base64");
  const pairs = (/** @type {[string, string][]} */ p = []) => p.map(([k, v]) => `${b64(k)}:${b64(v)}`).join(",");
  return list.filter((c) => !c.parts).map((c) => {
    const headers = [...(c.headers ?? []), ...(c.auth ? [/** @type {[string, string]} */ (["Authorization", `Basic ${b64(c.auth.join(":"))}`])] : [])];
    const body = c.json !== undefined ? JSON.stringify(c.json) : (c.text ?? "");
    return [c.method, b64(c.path), pairs(c.query), pairs(headers), pairs(c.form), b64(c.type ?? "application/json"), b64(body)].join("\t");
  }).join("\n");
}

/** Minimal replies of the services that SDKs talk to, so that they get past their first call. */

/** @typedef {import("./answer.mjs").Reply & {delayMs?: number}} Reply */

/** @param {unknown} value @returns {Reply} */
const json = (value, status = 200) => ({ status, type: "application/json", body: JSON.stringify(value) });
/** @param {string} body @returns {Reply} */
const text = (body) => ({ type: "text/plain; charset=utf-8", body });

/** What long-polling sessions were told so far. @type {Map<string, number>} */
const polls = new Map();
/** @param {string} key */
const turn = (key) => {
  const n = (polls.get(key) ?? 0) + 1;
  polls.set(key, n);
  return n;
};

/** @param {URL} url @returns {Reply | undefined} */
function sockjs(url) {
  if (url.pathname.endsWith("/info")) return json({ websocket: false, origins: ["*:*"], cookie_needed: false, entropy: 1234567 });
  if (url.pathname.endsWith("_send")) return { status: 204, body: "" };
  const n = turn(url.pathname);
  return n === 1 ? text("o\n") : { ...text(n < 4 ? 'a["{\\"type\\":\\"notice\\"}"]\n' : "h\n"), delayMs: n < 4 ? 60 : 900 };
}

/** @param {import("node:http").IncomingMessage} req @param {URL} url @returns {Reply} */
function signalr(req, url) {
  if (url.pathname.endsWith("/negotiate")) return json({ connectionId: "vL1", connectionToken: "x7Zk_2Qe", negotiateVersion: 1, availableTransports: [{ transport: "LongPolling", transferFormats: ["Text", "Binary"] }] });
  if (req.method !== "GET") return text("");
  const n = turn(`signalr${url.search.replace(/&_=\d+/, "")}`);
  if (n === 1) return text("");
  if (n === 2) return text("{}\x1e");
  return { ...text('{"type":6}\x1e'), delayMs: 250 };
}

/** @param {import("node:http").IncomingMessage} req @param {URL} url @param {Buffer} body @returns {Reply} */
function couch(req, url, body) {
  const sent = () => {
    try {
      return JSON.parse(body.toString("utf8"));
    } catch {
      return {};
    }
  };
  if (/_local/.test(url.pathname)) return req.method === "GET" ? json({ error: "not_found", reason: "missing" }, 404) : json({ ok: true, id: "_local/1", rev: "0-1" }, 201);
  if (/_revs_diff/.test(url.pathname)) return json(Object.fromEntries(Object.entries(sent()).map(([id, revs]) => [id, { missing: revs }])));
  if (/_bulk_docs/.test(url.pathname)) return json([], 201);
  if (/_changes/.test(url.pathname)) return { ...json({ results: [], last_seq: "0", pending: 0 }), delayMs: url.searchParams.has("feed") ? 500 : 0 };
  if (/_all_docs|_find|_design/.test(url.pathname)) return json({ total_rows: 0, offset: 0, rows: [], docs: [] });
  return json({ db_name: "notes", doc_count: 0, update_seq: "0", uuid: "a1", version: "3.3.3", instance_start_time: "0", ok: true });
}

/** @param {import("node:http").IncomingMessage} req @returns {Reply} */
function tus(req) {
  const headers = { "tus-resumable": "1.0.0", "upload-offset": String(Number(req.headers["upload-offset"] ?? 0) + Number(req.headers["content-length"] ?? 0)) };
  if (req.method === "POST") return { status: 201, headers: { ...headers, "upload-offset": "0", location: `/tus/files/24e533e02ec3bc40c387f1a0e460e216` }, body: "" };
  if (req.method === "HEAD") return { status: 200, headers: { ...headers, "upload-length": "5000", "upload-offset": "0" }, body: "" };
  return { status: 204, headers, body: "" };
}

/** @param {Buffer} body @returns {Reply} */
function graphql(body) {
  const source = body.toString("utf8");
  if (/PersistedQueryNotFound|"persistedQuery"/.test(source) && !/"query":/.test(source)) return json({ errors: [{ message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }] });
  const one = { data: { viewer: { __typename: "User", id: "1", name: "A" }, product: null, products: { __typename: "Page", edges: [], pageInfo: { __typename: "PageInfo", endCursor: "YXJyYXk6OQ==", hasNextPage: true } }, addToCart: { __typename: "Cart", id: "c1" } } };
  return json(source.startsWith("[") ? [one, one, one] : one);
}

/** @param {import("node:http").IncomingMessage} req @param {URL} url @param {Buffer} body @returns {Reply | undefined} */
function packages(req, url, body) {
  const path = decodeURIComponent(url.pathname);
  if (path.startsWith("/npm/")) {
    const name = path.slice(5);
    const base = `http://${req.headers.host}/npm`;
    if (/^-/.test(name)) return json({ objects: [], total: 0, username: "anna" });
    return json({ _id: name, name, "dist-tags": { latest: "1.2.3" }, versions: { "1.2.3": { name, version: "1.2.3", dist: { tarball: `${base}/${name}/-/x-1.2.3.tgz`, shasum: "a".repeat(40) } } } });
  }
  if (path.startsWith("/pypi/simple/")) return { type: "application/vnd.pypi.simple.v1+json", body: JSON.stringify({ meta: { "api-version": "1.0" }, name: "x", files: [] }) };
  if (path === "/crates/config.json") return json({ dl: `http://${req.headers.host}/crates/dl`, api: `http://${req.headers.host}/crates` });
  if (path.startsWith("/crates/")) return path.includes("/api/v1") ? json({ crates: [], meta: { total: 0 } }) : { status: 404, body: "" };
  if (/\/info\/refs$/.test(path)) {
    const line = (/** @type {string} */ s) => (s.length + 4).toString(16).padStart(4, "0") + s;
    const id = "1f0c3a9b2e4d5c6f7a8b9c0d1e2f3a4b5c6d7e8f";
    if (url.searchParams.get("service") === "git-upload-pack" && /version=2/.test(String(req.headers["git-protocol"]))) return { type: "application/x-git-upload-pack-advertisement", body: `${line("# service=git-upload-pack\n")}0000${line("version 2\n")}${line("agent=git/2.47.0\n")}${line("ls-refs=unborn\n")}${line("fetch=shallow\n")}${line("object-format=sha1\n")}0000` };
    return { type: "application/x-git-upload-pack-advertisement", body: `${line("# service=git-upload-pack\n")}0000${line(`${id} refs/heads/main\0agent=git/2.47.0\n`)}0000` };
  }
  if (/\/git-upload-pack$/.test(path)) {
    const refs = /ls-refs/.test(body.toString("latin1"));
    const line = "003d1f0c3a9b2e4d5c6f7a8b9c0d1e2f3a4b5c6d7e8f refs/heads/main\n";
    return { type: "application/x-git-upload-pack-result", body: refs ? `${line}0000` : "0008NAK\n" };
  }
  return undefined;
}

const TABLE = /** @type {[RegExp, (req: import("node:http").IncomingMessage, url: URL, body: Buffer) => Reply | undefined][]} */ ([
  [/^\/(echo|sockjs)\//, (_r, url) => sockjs(url)],
  [/^\/hubs\//, (req, url) => signalr(req, url)],
  [/^\/couch\//, couch],
  [/^\/tus\//, (req) => tus(req)],
  [/graphql/, (_r, _u, body) => graphql(body)],
  [/^\/(npm|pypi|crates|git)\//, packages],
  [/^\/sdk\/evalx\//, () => json({ "new-checkout": { value: true, variation: 0, version: 4, flagVersion: 2, trackEvents: true, trackReason: false, debugEventsUntilDate: null }, banner: { value: "b", variation: 1, version: 2, flagVersion: 1, trackEvents: true } })],
  [/^\/sdk\/goals\//, () => json([])],
  [/^\/api\/features\//, () => json({ status: 200, features: { "new-checkout": { defaultValue: false, rules: [{ variations: [false, true], hashAttribute: "id", coverage: 1, weights: [0.5, 0.5], key: "exp1" }] } } })],
  [/^\/api\/frontend/, (req) => (req.method === "GET" ? json({ toggles: [{ name: "new-checkout", enabled: true, impressionData: true, variant: { name: "blue", enabled: true } }] }) : { status: 202, body: "" })],
  [/^\/v1\/initialize/, () => json({ feature_gates: {}, dynamic_configs: {}, layer_configs: {}, has_updates: true, time: 1790000000000, hash_used: "djb2" })],
  [/^\/v1\/projects\/[^/]+\/settings/, () => json({ integrations: { "Segment.io": { apiKey: "wk1", apiHost: "collect.example/v1", protocol: "https" } }, plan: { track: { __default: { enabled: true } }, identify: { __default: { enabled: true } }, group: {} }, enabledMiddleware: {} })],
  [/^\/(flags|decide)\//, () => json({ featureFlags: { checkout: "b" }, flags: {}, config: {}, supportedCompression: [], sessionRecording: { endpoint: "/s/", recorderVersion: "v2" }, surveys: false, capturePerformance: true, autocapture_opt_out: false, heatmaps: true })],
  [/^\/array\/[^/]+\/config$/, () => json({ token: "phc_x", supportedCompression: [], hasFeatureFlags: true, sessionRecording: false, surveys: false, capturePerformance: { web_vitals: false, network_timing: false }, heatmaps: true, defaultIdentifiedOnly: true })],
  [/^\/config\/v1\/rum\/agents/, () => json({})],
  [/^\/o\/sdk/, () => json({})],
  [/^\/mix\/(record|flags|settings)/, () => json({ flags: {}, error: null, code: 200 })],
  [/^\/1\/indexes\//, () => json({ results: [{ hits: [], nbHits: 0, page: 0, nbPages: 0, hitsPerPage: 20, query: "", params: "", processingTimeMS: 1 }], hits: [], nbHits: 0, taskID: 1, objectID: "1", createdAt: "2026-01-01T00:00:00Z" })],
  [/^\/spaces\//, () => json({ sys: { type: "Array" }, total: 0, skip: 0, limit: 100, items: [], includes: {}, nextSyncUrl: "https://cdn.example/spaces/sp1/environments/master/sync?sync_token=w5ZGw6JFwqZmVcKsE8Kow4grw45QdyY" })],
  [/^\/trpc\//, (_r, url) => json(url.searchParams.has("batch") ? url.pathname.split(",").map(() => ({ result: { data: { ok: true } } })) : { result: { data: { ok: true } } })],
]);

/** @param {import("node:http").IncomingMessage} req @param {URL} url @param {Buffer} body @returns {Reply | undefined} */
export function serviceAnswer(req, url, body) {
  for (const [pattern, reply] of TABLE) if (pattern.test(url.pathname)) return reply(req, url, body);
  return undefined;
}

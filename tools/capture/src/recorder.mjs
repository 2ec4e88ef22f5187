import http from "node:http";
import https from "node:https";
import { Server as Engine } from "engine.io";
import { Server as SocketIo } from "socket.io";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { answer } from "./answer.mjs";

/** Longest body that is written down, and longest that is read at all. */
const KEPT_BYTES = 64 * 1024;
const READ_BYTES = 4 * 1024 * 1024;

/** @param {string[]} raw names and values in turn @returns {Record<string, string>} as they were spelt, repeated ones joined */
function headersOf(raw) {
  /** @type {Record<string, string>} */
  const out = {};
  for (let i = 0; i < raw.length; i += 2) {
    const [k, v] = [raw[i], Buffer.from(raw[i + 1], "latin1").toString("utf8")];
    out[k] = k in out ? out[k] + (k.toLowerCase() === "cookie" ? "; " : ", ") + v : v;
  }
  return out;
}

/** @param {Buffer} body @param {string} encoding @returns {{body: Buffer, decoded?: string}} */
function unpacked(body, encoding) {
  const limit = { maxOutputLength: READ_BYTES };
  try {
    if (encoding === "gzip" || (body[0] === 0x1f && body[1] === 0x8b)) return { body: gunzipSync(body, limit), decoded: "gzip" };
    if (encoding === "deflate") return { body: body[0] === 0x78 ? inflateSync(body, limit) : inflateRawSync(body, limit), decoded: "deflate" };
    if (encoding === "br") return { body: brotliDecompressSync(body, limit), decoded: "br" };
  } catch {
    // Not what it says it is: kept as it came.
  }
  return { body };
}

/** @param {Buffer} body @returns {string} UTF-8 where it is, else one character per byte */
function text(body) {
  const cut = body.subarray(0, KEPT_BYTES);
  let out = "";
  let from = 0;
  for (let i = 0; i < cut.length; ) {
    const b = cut[i];
    const length = b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
    const whole = length > 0 && !cut.toString("utf8", i, i + length).includes("\ufffd");
    if (!whole) {
      out += cut.toString("utf8", from, i) + String.fromCharCode(b);
      from = i + 1;
    }
    i += whole ? length : 1;
  }
  return out + cut.toString("utf8", from);
}

/** Answers on a plain and on a TLS port of 127.0.0.1 and writes down every request. */
export class Recorder {
  /** @param {{key: Buffer, cert: Buffer}} tls @param {Map<string, import("./answer.mjs").Reply>} pages by host and path */
  constructor(tls, pages) {
    this.pages = pages;
    /** @type {import("./shape.mjs").Request[]} */
    this.requests = [];
    this.now = { client: "none", scene: "none" };
    /** Names the scene of a request of a program that runs several; the host is put in place of the port's address. */
    this.sceneOf = (/** @type {string} */ _path, /** @type {string} */ scene) => scene;
    this.hostOf = (/** @type {string} */ _path) => "api.example";
    this.lastMs = 0;
    this.engine = new Engine({ path: "/socket.io/", cors: { origin: true, credentials: true }, transports: ["polling"], allowEIO3: false });
    this.io = new SocketIo({ transports: ["polling"], cors: { origin: true, credentials: true } });
    this.io.bind(this.engine);
    this.io.on("connection", (socket) => socket.onAny((...args) => {
      const done = args.at(-1);
      if (typeof done === "function") done({ ok: true });
      else socket.emit("notice", { text: "received" });
    }));
    this.plain = http.createServer((req, res) => this.take(req, res));
    this.secure = https.createServer({ ...tls, ALPNProtocols: ["http/1.1"] }, (req, res) => this.take(req, res));
    // WebSockets are refused; without a listener, as on the plain port, a wish for HTTP/2 is passed over.
    this.secure.on("upgrade", (req, socket) => {
      this.requests.push(this.row(req, Buffer.alloc(0), 0, { ...this.now }));
      socket.destroy();
    });
    for (const server of [this.plain, this.secure]) server.on("clientError", (_e, socket) => socket.destroy());
  }

  async open() {
    for (const server of [this.plain, this.secure]) await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
    this.plainPort = /** @type {import("node:net").AddressInfo} */ (this.plain.address()).port;
    this.securePort = /** @type {import("node:net").AddressInfo} */ (this.secure.address()).port;
  }

  /** @param {http.IncomingMessage} req @param {http.ServerResponse} res */
  take(req, res) {
    const meta = { ...this.now };
    /** @type {Buffer[]} */
    const parts = [];
    let length = 0;
    req.on("data", (part) => {
      length += part.length;
      if (length <= READ_BYTES) parts.push(part);
    });
    const polling = req.url?.startsWith("/socket.io/") === true;
    const index = this.requests.push(/** @type {any} */ (null)) - 1;
    const done = () => {
      this.lastMs = performance.now();
      const body = Buffer.concat(parts);
      const row = this.row(req, body, length, meta);
      this.requests[index] = row;
      if (!polling) answer(req, res, body, this.pages);
    };
    req.on("end", done);
    req.on("error", () => res.destroy());
    res.on("error", () => {});
    if (polling) this.engine.handleRequest(/** @type {any} */ (req), res);
  }

  /** @param {http.IncomingMessage} req @param {Buffer} body @param {number} length @param {{client: string, scene: string}} meta */
  row(req, body, length, meta) {
    const url = req.url ?? "/";
    const mark = url.indexOf("?");
    const rawPath = (mark < 0 ? url : url.slice(0, mark)).replace(/^https?:\/\/[^/]+/, "");
    const open = unpacked(body, String(req.headers["content-encoding"] ?? ""));
    const scene = this.sceneOf(rawPath, meta.scene);
    const host = this.hostOf(rawPath);
    // Workers keep the engine's own name, which says "Headless".
    const named = (/** @type {string} */ s) => s.replaceAll("HeadlessChrome/", "Chrome/").replaceAll("HeadlessChrome", "Google Chrome").replaceAll(`127.0.0.1:${this.plainPort}`, host).replaceAll(`127.0.0.1%3A${this.plainPort}`, host).replaceAll(`127.0.0.1:${this.securePort}`, host);
    const headers = Object.fromEntries(Object.entries(headersOf(req.rawHeaders)).map(([k, v]) => [k, named(v)]));
    return {
      method: req.method ?? "GET",
      path: rawPath,
      query: mark < 0 ? "" : named(url.slice(mark + 1)),
      headers,
      body: named(text(open.body)),
      meta: { client: meta.client, scene, ...(open.decoded ? { decoded: open.decoded } : {}), ...(length > KEPT_BYTES || open.body.length > KEPT_BYTES ? { cut: true } : {}) },
    };
  }

  /** Waits until no request came for a while. @param {number} quietMs @param {number} mostMs */
  async quiet(quietMs, mostMs) {
    const start = performance.now();
    while (performance.now() - start < mostMs && performance.now() - Math.max(this.lastMs, start) < quietMs) await new Promise((r) => setTimeout(r, 50));
  }

  async close() {
    this.io.close();
    this.engine.close();
    for (const server of [this.plain, this.secure]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(() => done(undefined)));
    }
  }
}

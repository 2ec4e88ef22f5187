import { serviceAnswer } from "./services.mjs";
import { png } from "./files.mjs";
import { Seed } from "./seed.mjs";

/** @typedef {{status?: number, type?: string, body?: string | Buffer, headers?: Record<string, string | string[]>}} Reply */

const IMAGE = png(new Seed("image"), 8);
const MEDIA = new Seed("media").bytes(200_000);

/** @param {import("node:http").IncomingMessage} req @returns {Record<string, string>} */
function crossOrigin(req) {
  const asked = req.headers["access-control-request-headers"];
  return {
    "access-control-allow-origin": req.headers.origin ?? "*",
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-expose-headers": "*, Location, Upload-Offset, Upload-Length, Tus-Resumable, ETag",
    ...(asked ? { "access-control-allow-headers": String(asked) } : {}),
    "timing-allow-origin": "*",
  };
}

/** @param {import("node:http").IncomingMessage} req @returns {Reply} */
function media(req) {
  const range = /^bytes=(\d+)-(\d*)/.exec(req.headers.range ?? "");
  const type = /\.(pdf|zip)$/.test(req.url ?? "") ? "application/octet-stream" : "video/mp4";
  if (!range) return { type, body: MEDIA, headers: { "accept-ranges": "bytes", etag: '"5f3-62a"', "last-modified": "Mon, 02 Nov 2026 10:00:00 GMT" } };
  const from = Math.min(Number(range[1]), MEDIA.length - 1);
  const to = Math.min(range[2] ? Number(range[2]) : from + 65535, MEDIA.length - 1);
  return { status: 206, type, body: MEDIA.subarray(from, to + 1), headers: { "accept-ranges": "bytes", "content-range": `bytes ${from}-${to}/${MEDIA.length}` } };
}

/** What is sent where no page and no service answers: enough for a client to go on. @param {import("node:http").IncomingMessage} req @param {URL} url @returns {Reply} */
function plainAnswer(req, url) {
  const dest = req.headers["sec-fetch-dest"];
  if (/^\/(media|video|files)\//.test(url.pathname)) return media(req);
  if (dest === "image" || /\.(png|jpe?g|webp|avif|gif|ico)$/.test(url.pathname)) return { type: "image/png", body: IMAGE, headers: { "cache-control": "max-age=600", etag: '"a1b2"' } };
  if (dest === "style" || /\.css$/.test(url.pathname)) return { type: "text/css", body: "body{font-family:sans-serif}" };
  if (dest === "script" || /\.m?js$/.test(url.pathname)) return { type: "text/javascript", body: "/* nothing */" };
  if (dest === "font") return { status: 404, body: "" };
  if (dest === "document" || dest === "iframe") {
    if (req.method === "POST" && /\/(login|sign_?in|checkout|wp-login\.php|users)\b/.test(url.pathname)) return { status: 303, headers: { location: `/done?from=${encodeURIComponent(url.pathname)}&notice=${encodeURIComponent("Saved – thank you!")}` }, body: "" };
    return { type: "text/html; charset=utf-8", body: "<!doctype html><html><head><title>Done</title></head><body><h1>Done</h1><p>Thank you.</p></body></html>" };
  }
  if (/xml/.test(req.headers["content-type"] ?? "")) return { type: "text/xml; charset=utf-8", body: '<?xml version="1.0"?><methodResponse><params><param><value><string>ok</string></value></param></params></methodResponse>' };
  return { type: "application/json", body: JSON.stringify({ ok: true, status: 1, success: true, id: "1001", data: {}, items: [], results: [], hits: [], next: null }) };
}

/**
 * Answers one recorded request.
 * @param {import("node:http").IncomingMessage} req @param {import("node:http").ServerResponse} res @param {Buffer} body
 * @param {Map<string, Reply>} pages by host and path
 */
export function answer(req, res, body, pages) {
  const url = new URL(`http://x${(req.url ?? "/").replace(/^https?:\/\/[^/]+/, "").replace(/^\/+/, "/")}`);
  const host = String(req.headers.host ?? "").replace(/:\d+$/, "");
  const cors = crossOrigin(req);
  /** @param {Reply} r */
  const send = (r) => {
    const data = typeof r.body === "string" ? Buffer.from(r.body) : (r.body ?? Buffer.alloc(0));
    res.writeHead(r.status ?? 200, { ...cors, ...(r.type ? { "content-type": r.type } : {}), "content-length": data.length, ...r.headers });
    res.end(req.method === "HEAD" ? undefined : data);
  };
  if (req.method === "OPTIONS" && req.headers["access-control-request-method"]) return send({ status: 204, body: "" });
  const page = pages.get(host + url.pathname) ?? pages.get(`*${url.pathname}`);
  if (page && (req.method === "GET" || req.method === "HEAD" || page.status)) {
    if (req.headers["if-none-match"] && page.headers?.etag === req.headers["if-none-match"]) return send({ status: 304, body: "" });
    return send(page);
  }
  if (url.pathname.startsWith("/events")) {
    res.writeHead(200, { ...cors, "content-type": "text/event-stream", "cache-control": "no-store" });
    res.end(`retry: 300\nid: ${Date.now() % 1000}-a\nevent: price\ndata: {"sku":"TR-1","price":12.5}\n\n`);
    return;
  }
  const special = serviceAnswer(req, url, body);
  if (special?.delayMs) setTimeout(() => send(special), special.delayMs);
  else send(special ?? plainAnswer(req, url));
}

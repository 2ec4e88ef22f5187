/** How many rows of one shape are worth keeping: their values differ, their form does not. */
const PER_SHAPE = 3;
/** How readily a byte of the first, second and third row of a shape is given up. Programs make the same calls as each other, so three times as readily. */
const WEIGHT = [1 / 8, 2, 6];

/** @param {string} s a path segment or key @returns {string} with everything that counts or names replaced */
function plain(s) {
  return s.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, "*").replace(/[\w-]{20,}/g, "*").replace(/%[0-9A-F]{2}/gi, "%").replace(/\d+/g, "#");
}

/** @param {unknown} value @param {number} depth @returns {string} the keys of a JSON value, without its values */
function keys(value, depth) {
  if (Array.isArray(value)) return `[${value.length ? keys(value[0], depth) : ""}]`;
  if (value === null || typeof value !== "object") return value === null ? "0" : (typeof value)[0];
  if (depth === 0) return "{}";
  return `{${Object.entries(value).slice(0, 40).map(([k, v]) => plain(k) + keys(v, depth - 1)).sort().join()}}`;
}

/** @param {string} type @param {string} body */
function bodyShape(type, body) {
  if (!body) return "";
  if (/urlencoded/.test(type)) return [...new URLSearchParams(body).keys()].map(plain).sort().join();
  if (/multipart/.test(type)) return [...body.matchAll(/name="([^"]*)"/g)].map((m) => plain(m[1])).join();
  const start = body[0];
  if (start === "{" || start === "[") {
    try {
      return keys(JSON.parse(body), 3);
    } catch {
      return [...body.matchAll(/"(\w+)":/g)].slice(0, 30).map((m) => m[1]).join();
    }
  }
  if (start === "<") return [...body.matchAll(/<([\w:]+)/g)].slice(0, 40).map((m) => m[1]).join();
  return `text${Math.ceil(Math.log2(body.length + 1))}`;
}

/** @param {Record<string, string>} headers @param {string} name in lower case */
export function header(headers, name) {
  for (const [k, v] of Object.entries(headers)) if (k.toLowerCase() === name) return v;
  return "";
}

/** @typedef {{method: string, path: string, query: string, headers: Record<string, string>, body: string, meta: {client: string, scene: string, decoded?: string, cut?: boolean}}} Request */

/** @param {Request} r @returns {string} equal for requests that differ in values only */
export function shapeOf(r) {
  const type = header(r.headers, "content-type");
  const query = r.query.split("&").map((p) => plain(p.split("=")[0])).sort().join();
  const dest = header(r.headers, "sec-fetch-dest");
  const names = Object.keys(r.headers).map((k) => k.toLowerCase()).filter((k) => !/^(cookie|content-length|cache-control|pragma|connection|traceparent)$/.test(k)).length;
  if (r.method === "OPTIONS") return [r.meta.client, "OPTIONS", header(r.headers, "access-control-request-method"), header(r.headers, "access-control-request-headers")].join("|");
  return [r.meta.client, r.method, r.path.split("/").map(plain).join("/"), query, type.split(";")[0], dest, names, bodyShape(type, r.body)].join("|");
}

/** Files that a page loads: one row of each address is enough, whoever asks. @param {Request} r */
function asset(r) {
  return r.method === "GET" && /^(script|style|font|image|manifest)$/.test(header(r.headers, "sec-fetch-dest")) && /\.(js|css|woff2?|ico|webmanifest)$/.test(r.path);
}

/**
 * Drops repeats: at most {@link PER_SHAPE} per shape, one per asset, no two equal rows.
 * @param {Request[]} requests
 * @param {number} maxBytes of the whole; beyond it rows go by {@link WEIGHT}
 * @returns {{rows: Request[], shapes: number}}
 */
export function distinct(requests, maxBytes) {
  const seen = new Map();
  const same = new Set();
  const kept = [];
  for (const r of requests) {
    const shape = asset(r) ? `asset|${r.path.replace(/[^/]*$/, "")}|${header(r.headers, "sec-fetch-dest")}` : shapeOf(r);
    const whole = JSON.stringify([r.meta.client, r.method, r.path, r.query, r.body, asset(r) ? 0 : r.headers]);
    const n = seen.get(shape) ?? 0;
    if (n >= PER_SHAPE || same.has(whole)) continue;
    same.add(whole);
    seen.set(shape, n + 1);
    kept.push({ r, n, size: Buffer.byteLength(JSON.stringify(r)) + 120 });
  }
  let total = kept.reduce((sum, k) => sum + k.size, 0);
  const gone = new Set();
  const heavy = kept.map((k) => ({ k, weight: k.size * WEIGHT[k.n] * (/^chromium/.test(k.r.meta.client) ? 1 : 3) })).sort((a, b) => b.weight - a.weight);
  for (const { k } of heavy) {
    if (total <= maxBytes) break;
    gone.add(k);
    total -= k.size;
  }
  return { rows: kept.filter((k) => !gone.has(k)).map((k) => k.r), shapes: seen.size };
}

/** Makes the calls of a list with one of Node's HTTP libraries: node.mjs LIBRARY CALLS.json BASE. */
import { readFileSync } from "node:fs";
import http from "node:http";
import axios from "axios";
import NodeForm from "form-data";
import got from "got";
import nodeFetch, { FormData as FetchForm, File as FetchFile } from "node-fetch";
import superagent from "superagent";
import { target } from "../src/call.mjs";

const [library, file, base] = process.argv.slice(2);
/** @type {import("../src/call.mjs").Call[]} */
const calls = JSON.parse(readFileSync(file, "utf8"));

/** @param {import("../src/call.mjs").Call} c @param {any} Form @param {any} FileClass */
function webForm(c, Form, FileClass) {
  const form = new Form();
  for (const p of c.parts ?? []) {
    if (p.value !== undefined) form.append(p.name, p.type ? new FileClass([p.value], "blob", { type: p.type }) : p.value);
    else form.append(p.name, new FileClass([Buffer.from(p.data ?? "", "base64")], p.filename, { type: p.type }));
  }
  return form;
}

/** @param {import("../src/call.mjs").Call} c */
function streamForm(c) {
  const form = new NodeForm();
  for (const p of c.parts ?? []) {
    if (p.value !== undefined) form.append(p.name, p.value, p.type ? { contentType: p.type } : {});
    else form.append(p.name, Buffer.from(p.data ?? "", "base64"), { filename: p.filename, contentType: p.type });
  }
  return form;
}

/** @param {import("../src/call.mjs").Call} c @returns {Record<string, string>} */
const headersOf = (c) => ({ ...Object.fromEntries(c.headers ?? []), ...(c.auth ? { authorization: `Basic ${Buffer.from(c.auth.join(":")).toString("base64")}` } : {}), ...(c.text ? { "content-type": c.type ?? "text/plain" } : {}) });

/** @param {any} fetcher @param {any} Form @param {any} FileClass */
const fetched = (fetcher, Form, FileClass) => async (/** @type {import("../src/call.mjs").Call} */ c) => {
  const headers = headersOf(c);
  let body = c.text;
  if (c.form) body = /** @type {any} */ (new URLSearchParams(c.form));
  if (c.parts) body = webForm(c, Form, FileClass);
  if (c.json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(c.json);
  }
  await (await fetcher(base + target(c), { method: c.method, headers, body })).text();
};

/** @type {Record<string, (c: import("../src/call.mjs").Call) => Promise<unknown>>} */
const LIBRARIES = {
  fetch: fetched(fetch, FormData, File),
  "node-fetch": fetched(nodeFetch, FetchForm, FetchFile),
  axios: (c) => axios.request({ url: base + c.path, method: c.method, params: c.query && new URLSearchParams(c.query), headers: Object.fromEntries(c.headers ?? []), auth: c.auth && { username: c.auth[0], password: c.auth[1] }, data: c.json ?? (c.form ? new URLSearchParams(c.form) : c.parts ? streamForm(c) : c.text), ...(c.text ? { headers: headersOf(c) } : {}), proxy: false, validateStatus: () => true }),
  got: (c) => got(base + c.path, { method: /** @type {any} */ (c.method), searchParams: c.query && new URLSearchParams(c.query), headers: headersOf(c), retry: { limit: 0 }, throwHttpErrors: false, ...(c.json !== undefined ? { json: c.json } : c.form ? { form: Object.fromEntries(c.form) } : c.parts ? { body: webForm(c, FormData, File) } : c.text ? { body: c.text } : {}) }),
  async superagent(c) {
    let r = superagent(c.method, base + c.path).set(headersOf(c)).ok(() => true);
    if (c.query) r = r.query(Object.fromEntries(c.query));
    for (const p of c.parts ?? []) r = p.value !== undefined ? r.field(p.name, p.value) : r.attach(p.name, Buffer.from(p.data ?? "", "base64"), { filename: p.filename, contentType: p.type });
    if (c.form) r = r.type("form").send(Object.fromEntries(c.form));
    else if (c.json !== undefined) r = r.send(/** @type {any} */ (c.json));
    else if (c.text) r = r.send(c.text);
    return await r;
  },
  http: (c) => new Promise((done, fail) => {
    const body = c.form ? new URLSearchParams(c.form).toString() : c.json !== undefined ? JSON.stringify(c.json) : c.text;
    const form = c.parts ? streamForm(c) : undefined;
    const headers = { ...headersOf(c), ...form?.getHeaders(), ...(c.json !== undefined ? { "Content-Type": "application/json" } : c.form ? { "Content-Type": "application/x-www-form-urlencoded" } : {}), ...(body ? { "Content-Length": Buffer.byteLength(body) } : {}) };
    const req = http.request(base + target(c), { method: c.method, headers }, (res) => res.resume().on("end", () => done(undefined)));
    req.on("error", fail);
    if (form) form.pipe(req);
    else req.end(body);
  }),
};

for (const c of calls) await LIBRARIES[library](c).catch((e) => console.error(String(e)));

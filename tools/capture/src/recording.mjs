import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { distinct } from "./shape.mjs";

const HERE = fileURLToPath(new URL("..", import.meta.url));

/** Places of this machine that must not stand in a recording. @param {string} folder of the run */
const local = (folder) => new RegExp([folder, HERE, process.cwd(), homedir(), "file:///"].map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");

/**
 * Writes the distinct requests as labelled traffic.
 * @param {string} file @param {import("./shape.mjs").Request[]} requests @param {number} maxBytes @param {string} folder of the run
 */
export function write(file, requests, maxBytes, folder) {
  const places = local(folder);
  // Where every form ends is scaffolding, not traffic.
  const clean = requests.filter((r) => r.meta.scene !== "none" && !(/^form/.test(r.meta.scene) && r.path === "/done")).map((r) => JSON.parse(JSON.stringify(r).replace(places, "/srv/app/")));
  const { rows, shapes } = distinct(clean, maxBytes);
  const ids = new Map();
  const lines = rows.map((r) => {
    const source = `capture_${r.meta.client.replace(/\W/g, "_")}`;
    const id = (ids.get(source) ?? 0) + 1;
    ids.set(source, id);
    const { method, path, query, headers, body, meta } = r;
    return JSON.stringify({ source, id, label: "benign", class: "benign", kind: "request", method, path, query, headers, body, meta });
  });
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
  return { rows, shapes, seen: requests.length, bytes: Buffer.byteLength(lines.join("\n")) + 1 };
}

/** @param {{rows: import("./shape.mjs").Request[], shapes: number, seen: number, bytes: number}} kept @param {string[]} failures */
export function summary(kept, failures) {
  const count = (/** @type {(r: import("./shape.mjs").Request) => string} */ by) => {
    const n = new Map();
    for (const r of kept.rows) n.set(by(r), (n.get(by(r)) ?? 0) + 1);
    return [...n].map(([k, v]) => `${k} ${v}`).join(", ");
  };
  return [`clients: ${count((r) => r.meta.client)}`, `scenes: ${count((r) => r.meta.scene)}`, ...failures.map((f) => `failed: ${f}`), `${kept.seen} requests seen, ${kept.rows.length} kept, ${kept.shapes} shapes, ${kept.bytes} bytes`].join("\n");
}

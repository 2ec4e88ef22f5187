import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { browserScenes, GROUPS } from "../scenes/all.mjs";
import { Browser } from "./browser.mjs";
import { bundles } from "./bundle.mjs";
import { certificate } from "./certificate.mjs";
import { personas } from "./persona.mjs";
import { runPrograms } from "./program.mjs";
import { Recorder } from "./recorder.mjs";
import { summary, write } from "./recording.mjs";

const { values: options } = parseArgs({ options: { out: { type: "string" }, only: { type: "string", default: "" }, "max-bytes": { type: "string", default: "2500000" }, "most-minutes": { type: "string", default: "12" } } });
if (!options.out) {
  console.error("usage: npm run capture -- --out FILE.jsonl [--only WORD] [--max-bytes N] [--most-minutes N]");
  process.exit(2);
}
const wanted = (/** @type {string} */ name) => new RegExp(options.only).test(name);
const end = performance.now() + Number(options["most-minutes"]) * 60_000;
const folder = mkdtempSync(join(tmpdir(), "capture-"));
const pages = new Map();
const recorder = new Recorder(certificate(folder), pages);
const browser = new Browser(recorder);
/** @type {string[]} */
const failures = [];

async function browse() {
  const { files, failed } = await bundles(GROUPS);
  failures.push(...failed);
  for (const b of files.values()) {
    pages.set(`cdn.example${b.path}`, { type: "text/javascript; charset=utf-8", body: b.js, headers: { "cache-control": "public, max-age=31536000, immutable" } });
    if (b.css) pages.set(`cdn.example${b.cssPath}`, { type: "text/css", body: b.css, headers: {} });
  }
  const scenes = browserScenes(files, pages).filter((s) => wanted(s.name));
  if (!scenes.length) return;
  await browser.open();
  const people = personas(/** @type {string} */ (browser.version));
  for (const [i, scene] of scenes.entries()) {
    if (performance.now() > end) return failures.push(`${scene.name} and later: out of time`);
    for (let k = 0; k < (scene.personas ?? 2); k++) {
      const persona = people[(i * 3 + k * 5) % people.length];
      const before = recorder.requests.length;
      const wrong = await browser.play(scene, persona, k);
      console.log(`${scene.name} ${persona.client} ${persona.locale}: ${recorder.requests.length - before} requests${wrong ? ` (${wrong})` : ""}`);
      if (wrong) failures.push(`${scene.name} ${persona.client}: ${wrong}`);
    }
  }
}

try {
  await recorder.open();
  await browse();
  await browser.close();
  failures.push(...(await runPrograms(recorder, folder, wanted, end)));
  const kept = write(options.out, recorder.requests.filter(Boolean), Number(options["max-bytes"]), folder);
  console.log(summary(kept, failures));
} finally {
  await browser.close();
  await recorder.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

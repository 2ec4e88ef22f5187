import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { calls, lines } from "./call.mjs";
import { PROGRAMS } from "../clients/all.mjs";

export const CLIENTS = fileURLToPath(new URL("../clients/", import.meta.url));

/** @param {string} path @returns {string} without percent-encoding, for comparing what was asked with what came */
const bare = (path) => {
  try {
    return decodeURIComponent(path.split("?")[0]);
  } catch {
    return path;
  }
};

/** @param {string} program @returns {boolean} */
const present = (program) => {
  try {
    execFileSync("sh", ["-c", `command -v "$1"`, "sh", program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** @param {string[]} command @param {string} folder to run in @param {Record<string, string>} env @param {number} mostMs @returns {Promise<string | undefined>} what went wrong */
function run(command, folder, env, mostMs) {
  return new Promise((done) => {
    const child = spawn(command[0], command.slice(1), { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"], detached: true });
    let errors = "";
    child.stderr.on("data", (d) => (errors = (errors + d).slice(-1500)));
    const stop = () => {
      try {
        process.kill(-(/** @type {number} */ (child.pid)), "SIGKILL");
      } catch {
        // It has gone.
      }
    };
    const timer = setTimeout(() => {
      errors += ` stopped after ${mostMs} ms`;
      stop();
    }, mostMs);
    child.on("error", (e) => done(String(e)));
    child.on("close", (code) => {
      clearTimeout(timer);
      stop();
      done(code === 0 ? undefined : `exit ${code}: ${errors.trim().split("\n").slice(-2).join(" ").slice(-300)}`);
    });
  });
}

/**
 * Runs every program that is installed.
 * @param {import("./recorder.mjs").Recorder} recorder @param {string} folder for their files
 * @param {(name: string) => boolean} wanted @param {number} end of the time, as of performance.now()
 * @returns {Promise<string[]>} what went wrong
 */
export async function runPrograms(recorder, folder, wanted, end) {
  /** @type {string[]} */
  const failures = [];
  const base = `http://127.0.0.1:${recorder.plainPort}`;
  for (const program of PROGRAMS) {
    if (!wanted(program.client)) continue;
    if (performance.now() > end) return [...failures, `${program.client} and later: out of time`];
    if (!present(program.needs)) {
      failures.push(`${program.client}: ${program.needs} is not installed`);
      continue;
    }
    const list = calls(program.client);
    const known = new Map(list.map((c) => [bare(c.path), c]));
    recorder.now = { client: program.client, scene: program.scene ?? "other" };
    recorder.sceneOf = (path, scene) => known.get(bare(path))?.scene ?? scene;
    recorder.hostOf = (path) => known.get(bare(path))?.host ?? program.host ?? "api.example";
    const file = join(folder, `${program.client}.json`);
    writeFileSync(file, JSON.stringify(list));
    writeFileSync(`${file}.lines`, lines(list));
    const before = recorder.requests.length;
    const steps = program.steps({ base, port: /** @type {number} */ (recorder.plainPort), calls: list, file, folder, clients: CLIENTS });
    for (const step of steps) {
      const wrong = await run(step, folder, { NO_PROXY: "*", ...program.env?.(base, folder) }, program.mostMs ?? 30_000);
      if (wrong && !program.mayFail) failures.push(`${program.client}: ${wrong}`);
    }
    console.log(`${program.client}: ${recorder.requests.length - before} requests`);
  }
  recorder.sceneOf = (_path, scene) => scene;
  return failures;
}

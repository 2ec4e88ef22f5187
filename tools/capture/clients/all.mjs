import { curl } from "./curl.mjs";
import { tools } from "./tool.mjs";
import { wget } from "./wget.mjs";

/**
 * @typedef {{base: string, port: number, calls: import("../src/call.mjs").Call[], file: string, folder: string, clients: string}} Setting
 * @typedef {{client: string, needs: string, scene?: string, host?: string, mayFail?: boolean, mostMs?: number, env?: (base: string, folder: string) => Record<string, string>, steps: (s: Setting) => string[][]}} Program
 */

/** A library of a language: one script, told which library to use. @param {string} client @param {string} needs @param {(s: Setting) => string[]} command @returns {Program} */
const library = (client, needs, command) => ({ client, needs, steps: (s) => [command(s)], mostMs: 60_000 });
const node = (/** @type {string} */ name) => library(`node-${name}`, "node", (s) => ["node", `${s.clients}node.mjs`, name, s.file, s.base]);
const python = (/** @type {string} */ name) => library(`python-${name}`, "python3", (s) => ["python3", `${s.clients}client.py`, name, s.file, s.base]);
/** Libraries of PyPI live in an environment of the run. @param {string} name @returns {Program} */
const pypi = (name) => ({ client: `python-${name}`, needs: "python3", mostMs: 120_000, steps: (s) => [["sh", "-c", 'test -e pypi/ready || { python3 -m venv pypi && pypi/bin/pip install -q --disable-pip-version-check -r "$1" && touch pypi/ready; } >&2', "sh", `${s.clients}requirements.txt`], [`${s.folder}/pypi/bin/python`, `${s.clients}client.py`, name, s.file, s.base]] });

/** @type {Program[]} */
export const PROGRAMS = [
  curl, wget,
  ...["urllib", "http_client"].map(python), ...["requests", "httpx", "aiohttp"].map(pypi),
  ...["fetch", "axios", "got", "node-fetch", "superagent", "http"].map(node),
  library("perl-httptiny", "perl", (s) => ["perl", `${s.clients}client.pl`, "tiny", s.file, s.base]),
  library("perl-lwp", "perl", (s) => ["perl", `${s.clients}client.pl`, "lwp", s.file, s.base]),
  library("php-curl", "php", (s) => ["php", `${s.clients}client.php`, "curl", s.file, s.base]),
  library("php-stream", "php", (s) => ["php", `${s.clients}client.php`, "stream", s.file, s.base]),
  library("ruby-nethttp", "ruby", (s) => ["ruby", `${s.clients}client.rb`, s.file, s.base]),
  library("go-nethttp", "go", (s) => ["go", "run", `${s.clients}client.go`, s.file, s.base]),
  library("java-nethttp", "java", (s) => ["java", `${s.clients}Client.java`, `${s.file}.lines`, s.base]),
  library("node-sdk", "node", (s) => ["node", `${s.clients}sdk.mjs`, s.base]),
  ...tools,
];

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { test } from "@playwright/test";

/** The binary on a free port, with a database and a log of its own. */
export class Server {
  private child: ChildProcess | undefined;
  private output = "";
  /** Sent with every question of the test itself, where the server asks who is there. */
  private token: string | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly database: string,
  ) {}

  /** A server with a log of these lines, over a new database or the one at a path. */
  static async make(lines: readonly string[], database?: string): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "bartizan-e2e-"));
    const server = new Server(folder, await freePort(), `sqlite://${database ?? join(folder, "b.db")}`);
    writeFileSync(server.log, lines.map((line) => `${line}\n`).join(""));
    return server;
  }

  /** The same, but everybody has to log in. */
  static async makeGuarded(lines: readonly string[], users: readonly { name: string; role: string; password: string }[]): Promise<Server> {
    const server = await Server.make(lines);
    for (const { name, role, password } of users) {
      server.run(["user", "add", name, "--email", `${name}@example.com`, "--role", role, "--stdin"], password);
    }
    server.token = server.run(["token", "create", "tests", "--scope", "read"], "").trim();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return join(this.folder, "access.log");
  }

  /** Starts the binary, which follows the log or demo traffic unless told otherwise, and waits until it has read `requests` lines. */
  async start(requests: number, { follow = true, demo = false } = {}): Promise<void> {
    const model = process.env.BARTIZAN_MODEL === undefined ? [] : ["--model", process.env.BARTIZAN_MODEL];
    const flags = ["serve", "--listen", `127.0.0.1:${this.port}`, "--db", this.database, ...(follow ? ["--log", this.log] : []), ...(demo ? ["--demo"] : []), ...model];
    const mode = this.token === undefined ? {} : { BARTIZAN__AUTH__MODE: "on" };
    const child = spawn(binary(), flags, { cwd: this.folder, env: { ...process.env, ...mode }, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-10_000)));
    }
    const deadline = Date.now() + 20_000;
    while ((await this.parsed()) < requests) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the server did not read ${requests} lines: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  append(lines: readonly string[]): void {
    appendFileSync(this.log, lines.map((line) => `${line}\n`).join(""));
  }

  /** Ends the process that this test started, by its id, and waits for it. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(hard);
  }

  clean(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `data` of an answer of the API. */
  async data<Data>(path: string): Promise<Data> {
    const headers: Record<string, string> = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.url}/api/v1${path}`, { headers });
    return ((await answer.json()) as { data: Data }).data;
  }

  /** Runs a command on the database of this server, which may be running. */
  run(command: readonly string[], input: string): string {
    return execFileSync(binary(), [...command, "--db", this.database], { cwd: this.folder, input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  }

  private async parsed(): Promise<number> {
    try {
      const sources = await this.data<{ parsed: number }[]>("/system/sources");
      return sources.reduce((sum, { parsed }) => sum + parsed, 0);
    } catch {
      return -1;
    }
  }
}

/** A server for the tests of one file; `lines` is called when it starts. */
export function serverWith(lines: () => string[]): { current: () => Server } {
  let server: Server | undefined;
  test.beforeAll(async () => {
    const content = lines();
    server = await Server.make(content);
    await server.start(content.length);
  });
  test.afterAll(async () => {
    await server?.stop();
    server?.clean();
  });
  return {
    current: () => {
      if (server === undefined) throw new Error("the server has not been started");
      return server;
    },
  };
}

function binary(): string {
  const path = process.env.BARTIZAN_BIN;
  if (path === undefined) throw new Error("set BARTIZAN_BIN to the path of the bartizan binary");
  return path;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  return address.port;
}

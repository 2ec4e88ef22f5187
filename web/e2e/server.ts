import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { test } from "@playwright/test";

/** The binary on a free port, with a database and a log of its own. */
export class Server {
  private child: ChildProcess | undefined;
  private output = "";

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async make(lines: readonly string[]): Promise<Server> {
    const server = new Server(mkdtempSync(join(tmpdir(), "bartizan-e2e-")), await freePort());
    writeFileSync(server.log, lines.map((line) => `${line}\n`).join(""));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return join(this.folder, "access.log");
  }

  /** Starts the binary and waits until it has read `requests` lines. */
  async start(requests: number): Promise<void> {
    const binary = process.env.BARTIZAN_BIN;
    if (binary === undefined) throw new Error("set BARTIZAN_BIN to the path of the bartizan binary");
    const model = process.env.BARTIZAN_MODEL === undefined ? [] : ["--model", process.env.BARTIZAN_MODEL];
    const flags = ["serve", "--listen", `127.0.0.1:${this.port}`, "--db", `sqlite://${join(this.folder, "b.db")}`, "--log", this.log, ...model];
    const child = spawn(binary, flags, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
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
    const answer = await fetch(`${this.url}/api/v1${path}`);
    return ((await answer.json()) as { data: Data }).data;
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

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  return address.port;
}

import { chromium } from "playwright-core";
import { cookies } from "./cookies.mjs";
import { Words } from "./words.mjs";

/** Nothing that the browser does by itself, and every name leads to the recorder. @param {number} port */
const flags = (port) => [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  `--host-resolver-rules=MAP *.example 127.0.0.1:${port}, MAP * ~NOTFOUND`, "--ignore-certificate-errors", "--disable-features=OptimizationHints,MediaRouter,Translate,HttpsUpgrades", "--short-reporting-delay",
];

/**
 * @typedef {{name: string, url: string, cookies?: number, mostMs?: number, personas?: number, drive?: (page: import("playwright-core").Page, words: Words, context: import("playwright-core").BrowserContext, named: (scene: string) => void) => Promise<void>}} Scene
 */

/** One Chromium, in which scenes are played one after another. */
export class Browser {
  /** @param {import("./recorder.mjs").Recorder} recorder */
  constructor(recorder) {
    this.recorder = recorder;
  }

  async open() {
    const port = /** @type {number} */ (this.recorder.securePort);
    this.chromium = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags(port), ignoreDefaultArgs: ["--enable-automation"], timeout: 60_000 });
    this.version = this.chromium.version();
  }

  /**
   * Plays a scene as a visitor.
   * @param {Scene} scene @param {import("./persona.mjs").Persona} persona @param {number} turn how often it was played before
   * @returns {Promise<string | undefined>} what went wrong, if anything
   */
  async play(scene, persona, turn) {
    const words = new Words(`${scene.name} ${persona.client} ${persona.locale} ${turn}`);
    const { recorder } = this;
    recorder.now = { client: persona.client, scene: scene.name };
    const context = await /** @type {import("playwright-core").Browser} */ (this.chromium).newContext({ ignoreHTTPSErrors: true, userAgent: persona.userAgent, locale: persona.locale, timezoneId: persona.timezone, viewport: persona.viewport, deviceScaleFactor: persona.scale, hasTouch: persona.touch, isMobile: persona.touch, permissions: ["geolocation"] });
    try {
      context.setDefaultTimeout(4000);
      const origin = new URL(scene.url).origin;
      await context.addCookies(cookies(words, scene.cookies ?? words.seed.whole(0, 6)).map((c) => ({ ...c, url: origin })));
      await context.addInitScript(`window.turn = ${turn}; window.words = ${JSON.stringify(words.forPage())}; Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false });`);
      const page = await context.newPage();
      page.on("dialog", (d) => d.dismiss().catch(() => {}));
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setUserAgentOverride", { userAgent: persona.userAgent, acceptLanguage: persona.languages.replace(/;q=[\d.]+/g, ""), platform: persona.touch ? (persona.metadata ? "Linux armv81" : "iPhone") : "Win32", ...(persona.metadata ? { userAgentMetadata: /** @type {any} */ (persona.metadata) } : {}) });
      await page.goto(scene.url, { waitUntil: "load", referer: words.seed.next() > 0.6 ? "https://www.search.example/" : undefined, timeout: 8000 });
      await scene.drive?.(page, words, context, (name) => (recorder.now = { client: persona.client, scene: name }));
      await recorder.quiet(250, scene.mostMs ?? 1200);
      await page.goto("about:blank").catch(() => {});
      await recorder.quiet(120, 400);
      return undefined;
    } catch (e) {
      return String(e).split("\n")[0];
    } finally {
      await context.close().catch(() => {});
    }
  }

  async close() {
    await this.chromium?.close().catch(() => {});
  }
}

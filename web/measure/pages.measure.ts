// How soon every page is interactive over a large database, and how long its charts take to be drawn anew.
//   BARTIZAN_BIN=… DATABASE=/path/of/a/copy.db npm run measure -- pages

import { type Page, test } from "@playwright/test";

import { Server } from "../e2e/server";

const PAGES = ["/", "/traffic", "/threats", "/alerts", "/alerts?view=history", "/activity", "/analytics", "/performance", "/security", "/model", "/sources", "/settings"];
const RANGES = ["24h", "7d", "30d"];
const ROUNDS = 3;

test("pages over a large database", async ({ browser }) => {
  const database = process.env.DATABASE;
  if (database === undefined) throw new Error("set DATABASE to the path of a database; the server will write into it");
  const server = await Server.make([], database);
  try {
    await server.start(0);
    console.log("page                     range   usable ms   complete ms   charts anew ms   longest task ms");
    for (const path of PAGES) {
      for (const range of RANGES) {
        const rounds: Figures[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          const page = await browser.newPage();
          rounds.push(await measure(page, `${server.url}${path}${path.includes("?") ? "&" : "?"}range=${range}`));
          await page.close();
        }
        const middle = (read: (figures: Figures) => number) => rounds.map(read).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]?.toFixed(0) ?? "";
        console.log(`${path.padEnd(24)} ${range.padEnd(5)} ${[middle((f) => f.usable), middle((f) => f.complete), middle((f) => f.redraw), middle((f) => f.task)].map((text) => text.padStart(13)).join("")}`);
      }
    }
  } finally {
    await server.stop();
    server.clean();
  }
});

interface Figures {
  /** From the first byte of the navigation until navigation and controls stand and answer. */
  usable: number;
  /** Until nothing on the page is loading any more. */
  complete: number;
  /** The longest of the two ways of drawing all charts in other colours, to the next frame; 0 without a chart. */
  redraw: number;
  /** The longest stretch in which the page did not answer. */
  task: number;
}

async function measure(page: Page, url: string): Promise<Figures> {
  await page.addInitScript(() => {
    const held = { task: 0, usable: 0, complete: 0 };
    Object.assign(window, { held });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) held.task = Math.max(held.task, duration);
    }).observe({ type: "longtask", buffered: true });
    const look = () => {
      if (held.usable === 0 && document.querySelector("main > *") !== null) held.usable = performance.now();
      const isLoading = document.querySelector('[role="status"][aria-label^="Loading"], .skeleton') !== null;
      if (isLoading || held.usable === 0) held.complete = 0;
      else if (held.complete === 0) held.complete = performance.now();
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  // Complete means: complete, and so for half a second.
  await page.waitForFunction(() => {
    const { complete } = (window as unknown as { held: { complete: number } }).held;
    return complete > 0 && performance.now() - complete > 500;
  }, undefined, { timeout: 60_000, polling: 100 });
  const redraw = await page.evaluate(async () => {
    if (document.querySelector(".u-wrap") === null) return 0;
    let longest = 0;
    for (const theme of ["dark", "light", "dark"]) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const begin = performance.now();
      document.documentElement.dataset.theme = theme;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      longest = Math.max(longest, performance.now() - begin);
    }
    return longest;
  });
  const held = await page.evaluate(() => (window as unknown as { held: Omit<Figures, "redraw"> }).held);
  return { usable: held.usable, complete: held.complete, task: held.task, redraw };
}

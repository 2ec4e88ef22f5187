// The live tail under load: frames per second and memory of the page.
//   BARTIZAN_BIN=… [DURATION_S=1800] [RATE=200] npm run measure -- tail

import { test } from "@playwright/test";

import { ago, line, ordinary } from "../e2e/log";
import { Server } from "../e2e/server";

const SECONDS = Number(process.env.DURATION_S ?? 300);
/** Lines a second. */
const RATE = Number(process.env.RATE ?? 200);
const SAMPLE_S = 30;
/** The log is written this often, as a busy server would. */
const WRITE_MS = 50;

test("live tail", async ({ page }) => {
  const server = await Server.make(ordinary(200, ago(1)));
  try {
    await server.start(200);
    await page.goto(`${server.url}/traffic`);
    await page.locator("tbody tr").first().waitFor();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    await page.evaluate(countFrames);

    let written = 0;
    const begin = Date.now();
    const writer = setInterval(() => {
      const due = Math.floor(((Date.now() - begin) / 1000) * RATE) - written;
      server.append(Array.from({ length: due }, (_, index) => busyLine(written + index)));
      written += due;
    }, WRITE_MS);
    try {
      console.log(`${RATE} rows/s for ${SECONDS} s\n\nseconds  frames/s  longest frame ms  frames over 33 ms  heap MB  DOM nodes  rows written`);
      for (let second = SAMPLE_S; second <= SECONDS; second += SAMPLE_S) {
        await page.waitForTimeout(Math.max(0, begin + second * 1000 - Date.now()));
        const frames = await page.evaluate(() => (window as unknown as { frames: () => Frames }).frames());
        // What is garbage is no growth.
        await cdp.send("HeapProfiler.collectGarbage");
        const { metrics } = await cdp.send("Performance.getMetrics");
        const figure = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
        console.log(
          [second, frames.rate.toFixed(1), frames.longest.toFixed(0), frames.slow, (figure("JSHeapUsedSize") / 1e6).toFixed(1), figure("Nodes"), written].map((value) => String(value).padStart(9)).join(""),
        );
      }
    } finally {
      clearInterval(writer);
    }
  } finally {
    await server.stop();
    server.clean();
  }
});

interface Frames {
  rate: number;
  longest: number;
  slow: number;
}

/** Counts the frames that the page draws, from one question to the next; runs in the page. */
function countFrames(): void {
  let last = performance.now();
  let since = last;
  let count = 0;
  let longest = 0;
  let slow = 0;
  const step = (now: number) => {
    count += 1;
    longest = Math.max(longest, now - last);
    if (now - last > 34) slow += 1;
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  Object.assign(window, {
    frames: () => {
      const now = performance.now();
      const answer = { rate: (count * 1000) / (now - since), longest, slow };
      since = now;
      count = longest = slow = 0;
      return answer;
    },
  });
}

/** Traffic of a shop with one attack in a hundred. */
function busyLine(index: number): string {
  const ip = `203.0.113.${index % 250}`;
  if (index % 100 === 99) return line({ at: new Date(), ip: "198.51.100.7", target: `/products?id=${index}%27%20or%201=1%20--%20` });
  return line({ at: new Date(), ip, target: `/products?id=${index % 5000}`, status: index % 20 === 19 ? 404 : 200 });
}

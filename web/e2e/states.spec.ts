import { expect, type Page, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { Server } from "./server";

let filled: Server;
let empty: Server;
test.beforeAll(async () => {
  const lines = [...ordinary(40, ago(30)), line({ at: ago(20), target: "/products?id=1%27%20UNION%20SELECT%20password%20FROM%20users--" })];
  filled = await Server.make(lines);
  await filled.start(lines.length);
  empty = await Server.make([]);
  await empty.start(0);
});
test.afterAll(async () => {
  for (const server of [filled, empty]) {
    await server.stop();
    server.clean();
  }
});

/** Every page and every part of one that asks the server for something of its own. */
const PAGES = [
  "/",
  "/traffic",
  "/threats",
  "/alerts",
  "/alerts?view=history",
  "/alerts?view=silences",
  "/analytics",
  "/performance",
  "/security",
  "/model",
  "/model?threshold=0.8",
  "/sources",
  "/activity",
  "/activity?feed=system",
  "/settings?tab=notifications",
  "/settings?tab=retention",
  "/settings?tab=users",
  "/settings?tab=tokens",
  "/settings?tab=audit",
  "/settings/api",
];

const DATA = /\/api\/v1\/(?!auth)/;
const waiting = (page: Page) => page.getByRole("status", { name: /^Loading/ });

/** What the page itself complains of; that an answer failed is told by the browser, and wanted here. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !message.text().startsWith("Failed to load resource")) found.push(message.text());
  });
  page.on("pageerror", (error) => found.push(error.message));
  return found;
}

const isTooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

const refusal = (status: number, code: string, message: string) => ({
  status,
  contentType: "application/json",
  body: JSON.stringify({ success: false, data: null, message, timestamp: new Date().toISOString(), error: { code, details: null, request_id: "r-test" } }),
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  for (const path of PAGES) {
    test(`without a single request, ${path} waits for nothing and is not too wide`, async ({ page }) => {
      const found = complaints(page);
      await page.goto(empty.url + path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(waiting(page)).toHaveCount(0);
      await expect(page.getByRole("alert")).toHaveCount(0);
      expect(await isTooWide(page)).toBe(false);
      expect(found).toEqual([]);
    });

    test(`with every answer failing, ${path} says so with the request id, waits for nothing and recovers by itself`, async ({ page }) => {
      const found = complaints(page);
      await page.route(DATA, (route) => route.fulfill(refusal(500, "internal", "something went wrong")));
      await page.goto(filled.url + path);
      const failures = page.getByRole("alert").filter({ hasText: "something went wrong" });
      await expect(failures.first()).toContainText("r-test");
      await expect(failures.first().getByRole("button", { name: "Try again" })).toBeVisible();
      await expect(waiting(page)).toHaveCount(0);
      expect(await isTooWide(page)).toBe(false);
      await page.unroute(DATA);
      await expect(failures).toHaveCount(0, { timeout: 15_000 });
      await expect(waiting(page)).toHaveCount(0);
      expect(found).toEqual([]);
    });
  }
});

test("a failure stays in its place while it is asked anew", async ({ page }) => {
  let asked = 0;
  await page.route(/\/security\/checks/, (route) => {
    asked += 1;
    return route.fulfill(refusal(500, "internal", "something went wrong"));
  });
  await page.goto(`${filled.url}/security`);
  const failure = page.getByRole("region", { name: "Checks" }).getByRole("alert");
  await expect(failure).toBeVisible();
  // Marked, it would be another one without the mark if it went and came back.
  await failure.evaluate((element) => element.setAttribute("data-kept", ""));
  const before = asked;
  await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(before + 1);
  await expect(failure).toHaveAttribute("data-kept", "");
});

test("a refusal that names a time is heeded: nothing is asked before", async ({ page }) => {
  const asked: number[] = [];
  await page.route(DATA, (route) => {
    asked.push(Date.now());
    return route.fulfill({ ...refusal(429, "rate_limited", "too many requests"), headers: { "retry-after": "8" } });
  });
  await page.goto(`${filled.url}/sources`);
  await expect(page.getByRole("alert").filter({ hasText: "too many requests" }).first()).toBeVisible();
  const [first = 0] = asked;
  await expect.poll(() => asked.some((at) => at - first > 7_000), { timeout: 20_000 }).toBe(true);
  expect(asked.filter((at) => at - first > 1_500 && at - first < 7_000)).toEqual([]);
  await page.unroute(DATA);
  await expect(page.getByRole("alert")).toHaveCount(0, { timeout: 20_000 });
});

test("without permission a page says whom it is for, and asks no more", async ({ page }) => {
  let asked = 0;
  await page.route(/\/api\/v1\/users/, (route) => {
    asked += 1;
    return route.fulfill(refusal(403, "forbidden", "you have no permission for this; it takes the scope admin"));
  });
  await page.goto(`${filled.url}/settings?tab=users`);
  await expect(page.getByText("Only administrators see this")).toBeVisible();
  expect(asked).toBe(1);
});

for (const [path, noun] of [
  ["/traffic/999999", "request"],
  ["/threats/999999", "threat"],
  ["/traffic/none", "request"],
] as const) {
  test(`${path} says that there is none, or no longer, and leads on`, async ({ page }) => {
    await page.goto(filled.url + path);
    const drawer = page.getByRole("complementary", { name: /^(Request|Threat) / });
    await expect(drawer.getByText(`There is no ${noun} ${path.split("/").at(-1)}`)).toBeVisible();
    await expect(drawer.getByText(new RegExp(`older than the [\\d,]+ days that ${noun}s are kept`))).toBeVisible();
    await expect(drawer.getByRole("button", { name: "Try again" })).toHaveCount(0);
    await drawer.getByRole("link", { name: `All ${noun}s` }).click();
    await expect(page).toHaveURL(new RegExp(`${path.split("/")[1]}$`));
    await expect(drawer).toHaveCount(0);
  });
}

test("nothing jumps when the answers come", async ({ page }) => {
  await page.addInitScript(() => {
    const moved = { sum: 0 };
    Object.assign(window, { moved });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) moved.sum += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  for (const path of ["/analytics", "/performance", "/security", "/model", "/settings?tab=retention"]) {
    await page.goto(filled.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(waiting(page)).toHaveCount(0);
    // 0.1 is what the browsers' makers call good.
    expect(await page.evaluate(() => (window as Window & { moved?: { sum: number } }).moved?.sum), path).toBeLessThan(0.1);
  }
});

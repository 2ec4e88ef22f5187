import { expect, type Page, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { Server } from "./server";

let server: Server;
test.beforeAll(async () => {
  const lines = ordinary(60, ago(30));
  server = await Server.make(lines);
  await server.start(lines.length);
});
test.afterAll(async () => {
  await server.stop();
  server.clean();
});

const requests = (page: Page) => page.getByRole("link", { name: /^Requests \d/ });

/** Answers every question about data with an error of the server's own form, until it is taken away. */
async function answerWith(page: Page, status: number, code: string, message: string): Promise<void> {
  await page.route(/\/api\/v1\/(?!auth)/, (route) =>
    route.fulfill({
      status,
      contentType: "application/json",
      body: JSON.stringify({ success: false, data: null, message, timestamp: new Date().toISOString(), error: { code, details: null, request_id: "r-test" } }),
    }),
  );
}

test("the server goes away: the page says so, keeps what it has, and recovers by itself", async ({ page }) => {
  await page.goto(server.url);
  await expect(requests(page)).toBeVisible();
  const held = await requests(page).textContent();
  await server.stop();
  await expect(page.getByText("The server does not answer.")).toBeVisible({ timeout: 25_000 });
  await expect(requests(page)).toHaveText(held ?? "");
  await server.start(0);
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 25_000 });
  await expect(page.getByText("The server does not answer.")).toBeHidden();
  const before = Number((await requests(page).textContent())?.match(/\d+/)?.[0]);
  server.append([line({ at: ago(1) })]);
  await expect(requests(page)).toContainText(String(before + 1), { timeout: 15_000 });
});

test("answers that take five seconds are waited for, with their place held", async ({ page }) => {
  await page.route(/\/api\/v1\/security/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await route.continue().catch(() => undefined);
  });
  await page.goto(`${server.url}/security`);
  await expect(page.getByRole("status", { name: /^Loading/ }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Security", level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0, { timeout: 20_000 });
  await expect(page.getByRole("alert")).toHaveCount(0);
});

for (const [status, code, message] of [
  [500, "internal", "something went wrong"],
  [429, "rate_limited", "too many requests; try again in a moment"],
  [503, "unavailable", "the server cannot answer now"],
] as const) {
  test(`answers of ${status} are told with their request id, and the page recovers by itself`, async ({ page }) => {
    await answerWith(page, status, code, message);
    await page.goto(`${server.url}/security`);
    const failure = page.getByRole("alert").filter({ hasText: message }).first();
    await expect(failure).toBeVisible();
    await expect(failure).toContainText("r-test");
    await page.unroute(/\/api\/v1\/(?!auth)/);
    await expect(page.getByRole("alert").filter({ hasText: message })).toHaveCount(0, { timeout: 20_000 });
    await expect(page.getByRole("region", { name: "Score", exact: true }).getByText("of 100")).toBeVisible();
  });
}

test("figures that cannot be brought up to date stay, and are called old", async ({ page }) => {
  await page.goto(server.url);
  await expect(requests(page)).toBeVisible();
  await answerWith(page, 500, "internal", "something went wrong");
  await expect(page.getByText(/Some figures are old.*something went wrong/)).toBeVisible({ timeout: 20_000 });
  await expect(requests(page)).toBeVisible();
  await page.unroute(/\/api\/v1\/(?!auth)/);
  await expect(page.getByText(/Some figures are old/)).toBeHidden({ timeout: 20_000 });
});

test("an answer of 401 leads to the login page", async ({ page }) => {
  await page.goto(`${server.url}/traffic?method=GET`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.route(/\/api\/v1\//, (route) =>
    route.fulfill({ status: 401, contentType: "application/json", body: JSON.stringify({ success: false, data: null, message: "log in", timestamp: new Date().toISOString(), error: { code: "unauthenticated", details: null, request_id: "r-test" } }) }),
  );
  await page.getByRole("link", { name: "Security" }).click();
  await expect(page).toHaveURL(/\/login/);
});

test("a socket that is cut every two seconds loses no request", async ({ page }) => {
  let cuts = 0;
  await page.routeWebSocket(/\/ws/, (socket) => {
    socket.connectToServer();
    setTimeout(() => {
      cuts += 1;
      void socket.close();
    }, 2_000);
  });
  await page.goto(`${server.url}/traffic`);
  const rows = page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr");
  await expect(rows.first()).toBeVisible();
  for (let at = 0; at < 4; at++) {
    server.append([line({ at: ago(0), target: `/cut-${at}` })]);
    await expect(rows.filter({ hasText: `/cut-${at}` })).toHaveCount(1, { timeout: 15_000 });
    await expect.poll(() => cuts, { timeout: 15_000 }).toBeGreaterThan(at);
  }
});

test("a socket that is refused leaves the page usable and says so, and comes back by itself", async ({ page }) => {
  let isRefused = true;
  await page.routeWebSocket(/\/ws/, (socket) => {
    if (isRefused) void socket.close({ code: 1011 });
    else socket.connectToServer();
  });
  await page.goto(server.url);
  await expect(requests(page)).toBeVisible();
  await expect(page.getByText("Offline", { exact: true })).toBeVisible({ timeout: 25_000 });
  await page.getByRole("link", { name: "Sources" }).click();
  await expect(page.getByRole("heading", { name: "Sources", level: 1 })).toBeVisible();
  isRefused = false;
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 25_000 });
});

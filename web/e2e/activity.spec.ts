import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const ATTACK = "/products?id=1%27%20or%201=1%20--%20";
const server = serverWith(() => [
  ...ordinary(130, ago(60)),
  ...Array.from({ length: 4 }, (_, index) => line({ at: ago(50 - index), ip: `198.51.100.${index}`, target: ATTACK })),
]);

const lines = "table tbody tr";

test("the feed is filtered by kind and text, and a line opens its request", async ({ page }) => {
  await page.goto(server.current().url);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  await expect(page.getByRole("heading", { name: "Activity", level: 1 })).toBeVisible();
  const table = page.getByRole("table", { name: "Activity, newest first" });
  await expect(table.locator("tbody tr").first()).toBeVisible();

  await page.getByRole("combobox", { name: "Filter by" }).selectOption("Action");
  await page.getByRole("combobox", { name: "Filter value" }).selectOption("Would be blocked");
  await expect(page).toHaveURL(/action=block/);
  await expect(page.locator(lines)).toHaveCount(4);
  await page.getByRole("combobox", { name: "Filter by" }).selectOption("Contains");
  await page.getByRole("textbox", { name: "Filter value" }).fill("198.51.100.2");
  await page.keyboard.press("Enter");
  await expect(page.locator(lines)).toHaveCount(1);
  expect(await server.current().data<unknown[]>("/activities?range=24h&action=block&q=198.51.100.2")).toHaveLength(1);

  await table.getByRole("link", { name: "GET /products" }).click();
  await expect(page).toHaveURL(/\/threats\?.*ip=198\.51\.100\.2/);
  await expect(page.getByRole("table", { name: "Threats, newest first" }).locator("tbody tr")).toHaveCount(1);

  await page.goto(`${server.current().url}/activity?q=nothing-like-this`);
  await expect(page.getByText("No activity matches these filters")).toBeVisible();
});

test("pages follow the server's cursors, forth and back", async ({ page }) => {
  await page.goto(`${server.current().url}/activity`);
  const count = (await server.current().data<unknown[]>("/activities?range=24h&limit=1000")).length;
  expect(count).toBeGreaterThan(100);
  await expect(page.locator(lines)).toHaveCount(100);
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.locator(lines)).toHaveCount(count - 100);
  await page.getByRole("button", { name: "Newer" }).click();
  await expect(page.locator(lines)).toHaveCount(100);
});

test("what happens now comes in by itself, and an answer that fails is said with its request id", async ({ page }) => {
  await page.goto(`${server.current().url}/activity`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(page.locator(lines).first()).toBeVisible();
  server.current().append([line({ at: new Date(), ip: "192.0.2.99", target: ATTACK })]);
  await expect(page.getByRole("row", { name: /192\.0\.2\.99/ })).toBeVisible({ timeout: 10_000 });

  await page.route("**/api/v1/activities?*", (route) =>
    route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ success: false, data: null, message: "something broke", error: { code: "internal", request_id: "r-42" } }) }),
  );
  await page.goto(`${server.current().url}/activity?range=7d`);
  await expect(page.getByRole("alert").filter({ hasText: "something broke" })).toContainText("r-42", { timeout: 15_000 });
  await page.unroute("**/api/v1/activities?*");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.locator(lines).first()).toBeVisible();
});

test("what happened beside the requests has a view of its own: alerts and changed settings come in, and lead on", async ({ page }) => {
  const events = () => server.current().data<{ type: string; title: string }[]>("/activities/events?range=24h&limit=1000");
  await expect.poll(async () => (await events()).some(({ type }) => type === "alert_raised"), { timeout: 20_000 }).toBe(true);
  await page.goto(`${server.current().url}/activity?action=block`);
  await page.getByRole("group", { name: "Feed" }).getByRole("button", { name: "System" }).click();
  await expect(page).toHaveURL(/\/activity\?feed=system$/);
  const table = page.getByRole("table", { name: "System events, newest first" });
  const raised = (await events()).filter(({ type }) => type === "alert_raised");
  await expect(table.getByRole("row").filter({ hasText: raised[0]?.title ?? "-" }).filter({ hasText: "Alert raised" })).toHaveCount(raised.length);
  await expect(table.getByText("Settings changed")).toHaveCount(0);

  const saved = await page.request.put(`${server.current().url}/api/v1/waf/config`, { data: { threshold: 0.9 } });
  expect(saved.status()).toBe(200);
  await expect(table.getByText("Settings changed")).toHaveCount(1, { timeout: 20_000 });
  await expect(table.getByRole("row")).toHaveCount((await events()).length + 1);

  await table.getByRole("link", { name: raised[0]?.title ?? "-" }).first().click();
  await expect(page).toHaveURL(/\/alerts\?.*view=history/);
});

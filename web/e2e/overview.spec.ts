import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const ATTACKS = 3;
const server = serverWith(() => [
  ...ordinary(100, ago(120)),
  ...Array.from({ length: ATTACKS }, (_, index) => line({ at: ago(60 - index), ip: "198.51.100.7", target: "/products?id=1%27%20or%201=1%20--%20", status: 200 })),
]);

test("the overview counts what the log holds, in all and by status", async ({ page }) => {
  await page.goto(server.current().url);
  await expect(page.getByRole("link", { name: /^Requests 103/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Would be blocked 3/ })).toBeVisible();

  const row = (status: string) => page.getByRole("table", { name: /^Response status/ }).getByRole("row", { name: new RegExp(`^${status} `) });
  // Of 100 ordinary requests every tenth is a 500, every fifth of the others a 404; the attacks got a 200.
  await expect(row("200").getByRole("cell").nth(1)).toHaveText("83");
  await expect(row("404").getByRole("cell").nth(1)).toHaveText("10");
  await expect(row("500").getByRole("cell").nth(1)).toHaveText("10");
});

test("a figure opens its rows", async ({ page }) => {
  await page.goto(server.current().url);
  await page.getByRole("link", { name: /^Would be blocked 3/ }).click();
  await expect(page).toHaveURL(/\/traffic\?.*action=block/);
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr")).toHaveCount(ATTACKS);

  await page.goBack();
  await page.getByRole("link", { name: "404 client error" }).click();
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr")).toHaveCount(10);
});

test("behind every chart stands a table with the same figures", async ({ page }) => {
  await page.goto(server.current().url);
  await page.getByRole("button", { name: "Show Requests as a table" }).click();
  const cells = await page.getByRole("region", { name: "Requests, figures" }).locator("tbody td:nth-child(n+2)").allTextContents();
  expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBe(103);
});

test("dragging over a chart looks at that stretch of time", async ({ page }) => {
  await page.goto(`${server.current().url}/?range=15m`);
  const chart = page.getByRole("img", { name: /^Requests over time/ });
  const box = await chart.locator(".u-over").boundingBox();
  if (box === null) throw new Error("the chart is not shown");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, y, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*Z&to=.*Z/);
});

test("an alert that is dismissed leaves the list and stays away", async ({ page }) => {
  await page.goto(server.current().url);
  const alerts = page.getByRole("region", { name: "Active alerts" }).getByRole("listitem");
  const before = await server.current().data<unknown[]>("/alerts/active");
  expect(before.length).toBeGreaterThan(0);
  await expect(alerts).toHaveCount(before.length);
  await alerts.first().getByRole("button", { name: "Acknowledge" }).click();
  await expect(alerts.first().getByText(/^acknowledged/)).toBeVisible();
  await alerts.first().getByRole("button", { name: "Dismiss" }).click();
  await expect(alerts).toHaveCount(before.length - 1);
  await page.reload();
  await expect(page.getByRole("link", { name: /^Requests 103/ })).toBeVisible();
  await expect(alerts).toHaveCount(before.length - 1);
});

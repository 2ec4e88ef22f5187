import { expect, test, type Locator } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => [
  ...ordinary(100, ago(120)),
  ...Array.from({ length: 3 }, (_, index) => line({ at: ago(60 - index), ip: "198.51.100.7", target: "/products?id=1%27%20or%201=1%20--%20" })),
]);

/** Waits until the figures of these cells, which come in their own time, add up to that. */
async function expectSum(cells: Locator, sum: number) {
  await expect.poll(async () => (await cells.allTextContents()).reduce((total, text) => total + Number(text), 0)).toBe(sum);
}

test("the trend of each metric stands in the address and adds up to what the log holds", async ({ page }) => {
  await page.goto(`${server.current().url}/analytics`);
  await page.getByRole("group", { name: "Metric" }).getByRole("button", { name: "Threats" }).click();
  await expect(page).toHaveURL(/metric=threats/);
  await page.reload();
  await page.getByRole("button", { name: "Show Threats as a table" }).click();
  await expectSum(page.getByRole("region", { name: "Threats, figures" }).locator("tbody td:nth-child(2)"), 3);
});

test("the period before stands beside it", async ({ page }) => {
  await page.goto(`${server.current().url}/analytics?metric=requests&range=1h`);
  await page.getByRole("button", { name: "Compare with the period before" }).click();
  await expect(page).toHaveURL(/compare=previous/);
  await page.getByRole("button", { name: "Show Requests as a table" }).click();
  const rows = page.getByRole("region", { name: "Requests, figures" }).locator("tbody tr");
  await expect(rows).toHaveCount(60);
  await expectSum(rows.locator("td:nth-child(3)"), 0);
});

test("the heat map holds every request, and an hour opens its rows", async ({ page }) => {
  await page.goto(`${server.current().url}/analytics?range=6h`);
  const cells = page.getByRole("table", { name: /^Requests by hour and weekday/ }).locator("tbody td a");
  await expectSum(cells, 103);
  const counts = (await cells.allTextContents()).map(Number);
  const largest = counts.indexOf(Math.max(...counts));
  await cells.nth(largest).click();
  await expect(page).toHaveURL(/\/traffic\?from=.*&to=/);
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr").first()).toBeVisible();
});

test("top lists count by what is chosen and open their rows", async ({ page }) => {
  await page.goto(`${server.current().url}/analytics`);
  await page.getByRole("group", { name: "Count by" }).getByRole("button", { name: "Threats" }).click();
  const clients = page.getByRole("table", { name: /^Clients/ });
  await expect(clients.getByRole("row").nth(1)).toContainText("198.51.100.7");
  await clients.getByRole("row").nth(1).getByRole("link", { name: "3", exact: true }).last().click();
  await expect(page).toHaveURL(/\/threats\?.*ip=198\.51\.100\.7/);
  await expect(page.locator(".list tbody tr")).toHaveCount(3);
});

test("a top list can be had as a file", async ({ page }) => {
  await page.goto(`${server.current().url}/analytics`);
  await expect(page.getByRole("table", { name: /^Response status/ })).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save Response status as CSV" }).click();
  const stream = await (await download).createReadStream();
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  expect(text.split("\r\n")).toContain("200,83,3,3,0.8058");
});

import { expect, type Page, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => [...ordinary(30, ago(60)), line({ at: ago(20), ip: "198.51.100.7", target: "/products?id=1%27%20or%201=1%20--%20", agent: "probe/1.0" })]);

const heads = (page: Page) => page.locator("thead th").allTextContents();
const rowHeight = (page: Page) => page.locator("tbody tr").nth(3).evaluate((row) => row.getBoundingClientRect().height);

test("columns are chosen by keyboard, remembered, and given back to the window", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await expect(page.locator("tbody tr").first()).toBeVisible();
  const before = await heads(page);
  expect(before).toContain("Host");
  expect(before).not.toContain("User agent");

  const button = page.getByRole("button", { name: "Columns" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("checkbox", { name: "Time" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("checkbox", { name: "Client" })).toBeFocused();
  await page.keyboard.press("Space");
  await page.getByRole("checkbox", { name: "User agent" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  await expect(page.getByRole("group", { name: "Columns" })).toHaveCount(0);
  expect(await heads(page)).toEqual([...before.filter((head) => head !== "Client" && head !== "Action"), "User agent", "Action"]);
  await expect(page.getByRole("cell", { name: "probe/1.0" })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("columnheader", { name: "User agent" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Client" })).toHaveCount(0);
  // What was chosen is shown on a phone too; the table scrolls, the page does not.
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await heads(page)).toContain("User agent");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1440, height: 900 });

  await button.click();
  await page.getByRole("button", { name: "As fits the window" }).click();
  expect(await heads(page)).toEqual(before);
});

test("a list can be had oldest first, and says that no live rows come in", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  const times = async () => page.locator("tbody tr td:first-child time").evaluateAll((all) => all.map((each) => each.getAttribute("datetime") ?? ""));
  const newest = await page.getByRole("table", { name: "Requests, newest first" }).isVisible().then(times);
  await page.getByRole("columnheader", { name: "Time" }).getByRole("button").click();
  await expect(page).toHaveURL(/order=asc/);
  await expect(page.getByRole("table", { name: "Requests, oldest first" })).toBeVisible();
  await expect(page.getByText("Oldest first: no live rows")).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Time" })).toHaveAttribute("aria-sort", "ascending");
  await expect.poll(times).toEqual(newest.toReversed());
});

test("a view is saved, picked from the page and the palette, renamed, and deleted with a way back", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic?range=7d&status=404&order=asc`);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Size" }).uncheck();
  await page.keyboard.press("Escape");
  const views = page.getByRole("button", { name: "Views" });
  await views.click();
  await expect(page.getByText(/Kept in this browser, not on the server/)).toBeVisible();
  await page.getByRole("textbox", { name: "Save what is shown as" }).fill("Not found");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Saved views" }).getByRole("link", { name: "Not found" })).toHaveAttribute("aria-current", "page");
  await page.getByRole("textbox", { name: "Save what is shown as" }).fill("Not found");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("exists already");

  await page.goto(`${server.current().url}/traffic`);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "As fits the window" }).click();
  expect(await heads(page)).toContain("Size");
  await views.click();
  await page.getByRole("link", { name: "Not found" }).click();
  await expect(page).toHaveURL(/\/traffic\?range=7d&status=404&order=asc$/);
  await expect(page.getByRole("group", { name: "Views" })).toHaveCount(0);
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveCount(0);
  await expect(page.locator("tbody tr")).toHaveCount(3);

  await page.goto(server.current().url);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("views not found");
  await page.getByRole("option", { name: "Requests: Not found" }).click();
  await expect(page).toHaveURL(/\/traffic\?.*status=404/);

  await views.click();
  await page.getByRole("button", { name: "Rename “Not found”" }).click();
  await page.getByRole("textbox", { name: "New name of “Not found”" }).fill("Lost");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete “Lost”" }).click();
  await expect(page.getByRole("list", { name: "Saved views" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: "Lost" })).toBeVisible();
  await page.goto(`${server.current().url}/threats`);
  await views.click();
  await expect(page.getByRole("link", { name: "Lost" })).toHaveCount(0);
});

test("dense rows are chosen in the palette and the settings, everywhere, and remembered", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await expect(page.locator("tbody tr").first()).toBeVisible();
  const roomy = await rowHeight(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("rows dense");
  await page.getByRole("option", { name: "Rows: dense" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-density", "dense");
  expect(await rowHeight(page)).toBeLessThan(roomy * 0.85);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-density", "dense");
  await page.goto(`${server.current().url}/settings?tab=appearance`);
  await page.getByRole("group", { name: "Rows" }).getByRole("button", { name: "roomy" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-density");
  await page.goto(`${server.current().url}/traffic`);
  expect(await rowHeight(page)).toBe(roomy);
});

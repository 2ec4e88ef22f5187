import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => [...ordinary(30, ago(30)), line({ at: ago(20), ip: "198.51.100.7", target: "/products?id=1%27%20or%201=1%20--%20" })]);

test("the command palette leads to pages, rows and colours by keyboard alone", async ({ page }) => {
  await page.goto(server.current().url);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const palette = page.getByRole("dialog", { name: "Command palette" });
  const field = page.getByRole("combobox", { name: /^Command/ });

  await page.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await page.keyboard.type("sour");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(palette.getByRole("option", { selected: true })).toContainText("Sources");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Sources", level: 1 })).toBeVisible();
  await expect(palette).toBeHidden();

  await page.keyboard.press("Meta+k");
  await expect(field).toHaveValue("");
  await page.keyboard.type("198.51.100.7");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/traffic\?.*ip=198\.51\.100\.7/);
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr")).toHaveCount(1);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("colours dark");
  await palette.getByRole("option", { name: /Colours: dark/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the focus stays within the palette, Esc closes it and gives the focus back", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  const opener = page.getByRole("button", { name: /^Command palette/ });
  await opener.focus();
  await page.keyboard.press("Enter");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  await expect(page.getByRole("combobox", { name: /^Command/ })).toBeFocused();
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press("Tab");
    // Between its last and its first control the browser's own bar may have it: never the page beneath.
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null)).toBe(true);
  }
  await page.keyboard.type("");
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("zzzz no such thing");
  await expect(palette.getByRole("option")).toHaveCount(2);
});

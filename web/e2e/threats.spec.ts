import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const SQL = "1%27%20or%201=1%20--%20";
const MARKUP = "%3Cscript%3Ewindow.pwned=1%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E";

const server = serverWith(() => [
  ...ordinary(10, ago(100)),
  line({ at: ago(50), ip: "198.51.100.7", target: `/products?id=${SQL}`, size: 4096 }),
  line({ at: ago(40), ip: "198.51.100.8", target: `/search?q=${MARKUP}`, agent: "<b onmouseover=alert(1)>agent</b>" }),
]);

test("the detail of a threat marks the bytes that carried the verdict", async ({ page }) => {
  await page.goto(`${server.current().url}/threats`);
  await page.getByRole("row", { name: /198\.51\.100\.7/ }).click();
  await expect(page).toHaveURL(/\/threats\/\d+/);

  const field = page.getByRole("region", { name: "query id" });
  const value = await field.locator("pre").textContent();
  expect(value).toBe(SQL);
  const marked = (await field.locator("mark").allTextContents()).join("");
  expect(marked).toMatch(/or%201=1/);
  expect(SQL).toContain((await field.locator("mark").first().textContent()) ?? "nothing is marked");

  const detail = page.getByRole("complementary");
  await expect(detail.getByText("Would be blocked")).toBeVisible();
  await expect(detail.getByText("4 KB")).toBeVisible();
  await expect(page.getByRole("region", { name: "Log line" })).toContainText(`"GET /products?id=${SQL} HTTP/1.1" 200 4096`);

  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/threats(\?.*)?$/);
});

test("a payload with markup is shown as text and runs nothing", async ({ page }) => {
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.goto(`${server.current().url}/threats`);
  await page.getByRole("row", { name: /198\.51\.100\.8/ }).click();
  await expect(page.getByRole("complementary").getByText("<b onmouseover=alert(1)>agent</b>").first()).toBeVisible();
  await expect(page.getByRole("complementary").locator("script, img, b")).toHaveCount(0);
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  expect(dialogs).toBe(0);
});

test("the rows are reached by keyboard alone", async ({ page }) => {
  await page.goto(server.current().url);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page.getByRole("heading", { name: "Threats" })).toBeVisible();
  await expect(page.getByRole("row", { name: /198\.51\.100\.7/ })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary").getByText("/products?id=").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

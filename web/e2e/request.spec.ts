import { execFileSync } from "node:child_process";

import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const ATTACK = "/products?id=1%27%20or%201=1%20--%20$(id)";
const server = serverWith(() => [
  ...ordinary(30, ago(60)),
  line({ at: ago(50), ip: "198.51.100.7", target: "/login", status: 401 }),
  line({ at: ago(20), ip: "198.51.100.7", target: ATTACK }),
  line({ at: ago(10), ip: "198.51.100.7", target: "/admin", status: 404 }),
]);

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a request is taken elsewhere as a command and as a link", async ({ page }) => {
  await page.goto(`${server.current().url}/threats?range=1h&severity=low,medium,high,critical`);
  await page.locator("tbody tr").first().click();
  await expect(page.getByRole("heading", { name: /^Threat 1/ })).toBeVisible();
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain("# The log does not hold a body");
  const values = execFileSync("bash", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], { encoding: "utf8" }).split("\0");
  expect(values[values.indexOf("--request-target") + 1]).toBe(ATTACK);

  await page.getByRole("button", { name: "Copy link" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.current().url}/threats/1`);
});

test("a request stands among those that its client made before and after", async ({ page }) => {
  await page.goto(`${server.current().url}/threats/1`);
  const around = page.getByRole("region", { name: "The client's other requests" });
  await around.getByText("3 requests, oldest first").click();
  await expect(around.getByRole("listitem")).toHaveCount(3);
  await expect(around.getByRole("listitem").nth(1)).toHaveAttribute("aria-current", "true");
  await around.getByRole("link", { name: "GET /admin" }).click();
  await expect(page).toHaveURL(/\/traffic\/\d+/);
  await expect(page.getByRole("heading", { name: /^Request \d+/ })).toBeVisible();
  await around.getByText("3 requests, oldest first").click();
  await expect(around.getByRole("listitem").nth(2)).toHaveAttribute("aria-current", "true");
});

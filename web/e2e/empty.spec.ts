import { appendFileSync } from "node:fs";

import { expect, test } from "@playwright/test";

import { ago, line } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => []);

test("an empty database says how to begin, and fills by itself", async ({ page }) => {
  await page.goto(server.current().url);
  await expect(page.getByText(/The database holds no requests yet/)).toContainText("bartizan serve --log");
  server.current().append([line({ at: ago(1) })]);
  await expect(page.getByRole("link", { name: /^Requests 1(\D|$)/ })).toBeVisible({ timeout: 12_000 });
  await expect(page.getByText(/The database holds no requests yet/)).toBeHidden();
});

test("a line that cannot be read is shown with the reason, as text", async ({ page }) => {
  appendFileSync(server.current().log, "<img src=x onerror=alert(1)> is no request\n");
  await page.goto(`${server.current().url}/sources`);
  const samples = page.getByRole("region", { name: /^Unreadable lines/ });
  await expect(samples.getByText("<img src=x onerror=alert(1)> is no request")).toBeVisible({ timeout: 12_000 });
  await expect(samples.locator("img")).toHaveCount(0);
});

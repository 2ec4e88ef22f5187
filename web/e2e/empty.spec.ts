import { appendFileSync } from "node:fs";

import { expect, test } from "@playwright/test";

import { ago, line } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => []);

test("an empty database leads to the first line: what to write, how to begin, and what is the matter, live", async ({ page }) => {
  await page.goto(server.current().url);
  await expect(page.getByText("The database holds no requests yet")).toBeVisible();
  await expect(page.getByText("bartizan serve --log /var/log/nginx/access.log")).toBeVisible();
  await page.getByRole("button", { name: "Caddy" }).click();
  await expect(page.getByText("bartizan serve --log /var/log/caddy/access.log")).toBeVisible();
  const sources = page.getByRole("status", { name: "Sources" });
  await expect(sources).toContainText("waits for its first line");

  // What is no access log is said to be none, with the line as text.
  appendFileSync(server.current().log, "<img src=x onerror=alert(1)> is no request\n");
  await expect(sources).toContainText("none of which is a request", { timeout: 12_000 });
  await expect(sources.getByText("<img src=x onerror=alert(1)> is no request")).toBeVisible();
  await expect(sources.locator("img")).toHaveCount(0);

  server.current().append([line({ at: ago(1) })]);
  await expect(page.getByRole("link", { name: /^Requests 1(\D|$)/ })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText("The database holds no requests yet")).toBeHidden();
});

test("a line that cannot be read is shown with the reason, as text", async ({ page }) => {
  appendFileSync(server.current().log, "<img src=y onerror=alert(1)> is no request\n");
  await page.goto(`${server.current().url}/sources`);
  const samples = page.getByRole("region", { name: /^Unreadable lines/ });
  await expect(samples.getByText("<img src=y onerror=alert(1)> is no request")).toBeVisible({ timeout: 12_000 });
  await expect(samples.locator("img")).toHaveCount(0);
});

import { expect, test } from "@playwright/test";

import { ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => ordinary(40, new Date("2026-03-04T05:06:07Z")));

test("an old log is one click away", async ({ page }) => {
  await page.goto(server.current().url);
  const banner = page.getByText(/No requests in the last 24 hours\. The data lies between/);
  await expect(banner).toContainText("4 Mar 2026, 06:05");
  await page.getByRole("button", { name: "Show that time" }).click();
  await expect(page.getByRole("link", { name: /^Requests 40/ })).toBeVisible();
  await expect(banner).toBeHidden();
  await expect(page).toHaveURL(/from=2026-03-04T05%3A05%3A00Z&to=2026-03-04T05%3A07%3A00Z/);

  await page.getByRole("link", { name: "Traffic", exact: true }).click();
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr")).toHaveCount(40);
});

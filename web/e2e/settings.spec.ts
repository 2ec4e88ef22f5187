import { expect, test } from "@playwright/test";

import { ago, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => ordinary(60, ago(30)));

test("the settings say how long everything is kept and what room it takes", async ({ page }) => {
  await page.goto(`${server.current().url}/settings`);
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Retention" }).click();
  await expect(page).toHaveURL(/tab=retention/);
  const storage = await server.current().data<{ traffic_rows: number; retention: { traffic_days: number; threats_days: number } }>("/system/storage");
  expect(storage.traffic_rows).toBe(60);
  const kept = page.getByRole("table", { name: "Days that rows are kept" });
  await expect(kept.getByRole("row", { name: /^Requests/ })).toContainText(`${storage.retention.traffic_days} days`);
  await expect(kept.getByRole("row", { name: /^Threats/ })).toContainText(`${storage.retention.threats_days} days`);
  await expect(page.getByRole("table", { name: "Size of the database" }).getByRole("row", { name: /^Requests kept/ })).toContainText("60");
});

test("the settings say that nobody is told of alerts while no channel is set", async ({ page }) => {
  await page.goto(`${server.current().url}/settings?tab=notifications`);
  await expect(page.getByText("Nobody is told of alerts")).toBeVisible();
  await expect(page.getByText("No message was sent yet")).toBeVisible();
});

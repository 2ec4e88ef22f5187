import { expect, test } from "@playwright/test";

import { line, ordinary, ago } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => ordinary(20, ago(5)));

test("lines that are appended appear within two seconds", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const times: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const target = `/fresh/${round}`;
    const start = Date.now();
    server.current().append([line({ at: new Date(), target })]);
    await expect(page.getByText(target, { exact: true })).toBeVisible({ timeout: 6_000 });
    times.push(Date.now() - start);
    // Out of step with the server's flushes, so that the worst case is met as well.
    await page.waitForTimeout(150 + round * 310);
  }
  console.log(`from the log to the screen: ${times.join(", ")} ms`);
  expect(Math.max(...times)).toBeLessThan(2_000);
});

test("a paused list stands still and says how much is new", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Pause live rows" }).click();
  server.current().append([line({ at: new Date(), target: "/waits" })]);
  await page.getByRole("button", { name: "Show 1 new row" }).click();
  await expect(page.getByText("/waits", { exact: true })).toBeVisible();
});

test("a new line reaches a filtered list only if it fits", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic?status=418`);
  await expect(page.getByText("No request matches these filters")).toBeVisible();
  server.current().append([line({ at: new Date(), target: "/pot", status: 418 }), line({ at: new Date(), target: "/cup", status: 200 })]);
  await expect(page.getByText("/pot", { exact: true })).toBeVisible();
  await expect(page.getByText("/cup", { exact: true })).toHaveCount(0);
});

test("the page comes back after a restart of the server, with what happened meanwhile", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await server.current().stop();
  await expect(page.getByText(/^(Reconnecting|Offline)$/)).toBeVisible();
  server.current().append([line({ at: new Date(), target: "/while-away" })]);
  await server.current().start(21);
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText("/while-away", { exact: true })).toBeVisible();
});

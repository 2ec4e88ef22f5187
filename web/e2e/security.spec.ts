import { expect, test } from "@playwright/test";

import { ago, ordinary } from "./log";
import { serverWith } from "./server";

interface Check {
  id: number;
  name: string;
  status: string;
  value: string;
  why: string;
  remedy: string | null;
}

const server = serverWith(() => ordinary(30, ago(20)));

test("every check stands there with what was measured, why, and how to mend it", async ({ page }) => {
  await page.goto(`${server.current().url}/security`);
  const checks = await server.current().data<Check[]>("/security/checks");
  expect(checks.length).toBeGreaterThanOrEqual(9);
  for (const { name, why, remedy } of checks) {
    const item = page.getByRole("listitem", { name, exact: true });
    await expect(item).toContainText(why);
    await expect(item.getByText("How to fix:")).toHaveCount(remedy === null ? 0 : 1);
  }
  const score = await server.current().data<{ score: number; passed: number }>("/security/compliance-score");
  await expect(page.getByRole("region", { name: "Score", exact: true })).toContainText(`${score.score} of 100`);
});

test("a count opens its checks, and the address keeps that", async ({ page }) => {
  await page.goto(`${server.current().url}/security`);
  const { passed, total } = await server.current().data<{ passed: number; total: number }>("/security/compliance-score");
  const items = page.getByRole("region", { name: "Checks", exact: true }).getByRole("listitem");
  await expect(items).toHaveCount(total);
  await page.getByRole("link", { name: `${passed} passed` }).click();
  await expect(page).toHaveURL(/check=pass/);
  await expect(items).toHaveCount(passed);
  await page.reload();
  await expect(items).toHaveCount(passed);
});

test("a check that is run now shows the fresh measurement", async ({ page }) => {
  await page.goto(`${server.current().url}/security`);
  const item = page.getByRole("listitem", { name: "Database", exact: true });
  const before = await item.locator("time").getAttribute("datetime");
  await item.getByRole("button", { name: "Run now: Database" }).click();
  await expect(item.locator("time")).not.toHaveAttribute("datetime", before ?? "");
  const [check] = (await server.current().data<(Check & { key: string; lastChecked: string })[]>("/security/checks")).filter(({ name }) => name === "Database");
  await expect(item.locator("time")).toHaveAttribute("datetime", check?.lastChecked ?? "none");
});

test("a run that is refused is told in the server's words", async ({ page }) => {
  await page.route("**/security/checks/*/run", (route) =>
    route.fulfill({
      status: 403,
      json: { success: false, data: null, message: "this needs the scope operate", timestamp: "2026-03-04T05:06:10.001Z", error: { code: "forbidden", request_id: "r-7f3a" } },
    }),
  );
  await page.goto(`${server.current().url}/security`);
  const item = page.getByRole("listitem", { name: "Database", exact: true });
  await item.getByRole("button", { name: "Run now: Database" }).click();
  await expect(item.getByRole("alert")).toHaveText("this needs the scope operate");
});

test("the course of the score has its table", async ({ page }) => {
  await page.goto(`${server.current().url}/security`);
  await page.getByRole("button", { name: "Show Score over time as a table" }).click();
  const { score } = await server.current().data<{ score: number }>("/security/compliance-score");
  await expect(page.getByRole("region", { name: "Score over time, figures" }).locator("tbody tr").first()).toContainText(String(score));
});

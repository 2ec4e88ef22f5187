import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { Server } from "./server";

const ATTACK = "/products?id=1%27%20or%201=1%20--%20";

test("from nothing to an audited threshold: a log is added, an attack arrives, is understood, acknowledged, and acted on", async ({ page }) => {
  test.setTimeout(90_000);
  // What the page says on its console.
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") said.push(message.text());
  });
  const server = await Server.make(ordinary(40, ago(30)));
  try {
    // Nothing: no log, no row. The page says how to begin.
    await server.start(0, { follow: false });
    await page.goto(server.url);
    await expect(page.getByText("The database holds no requests yet")).toBeVisible();
    await expect(page.getByText("bartizan serve --log /var/log/nginx/access.log")).toBeVisible();

    // The log is added as the page says; the page that stayed open finds the server again by itself.
    await server.stop();
    said.length = 0;
    await expect(page.getByText(/^(Offline|Reconnecting|Connecting)/).first()).toBeVisible({ timeout: 15_000 });
    await server.start(40);
    await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("link", { name: /^Requests 40/ })).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText("The database holds no requests yet")).toBeHidden();
    said.length = 0;

    // An attack arrives while somebody looks at the threats.
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Threats" }).click();
    await expect(page.getByText("No threats, last 24 hours")).toBeVisible();
    server.append(Array.from({ length: 3 }, (_, index) => line({ at: ago(2 - index), ip: "198.51.100.7", target: ATTACK })));
    const row = page.getByRole("row", { name: /198\.51\.100\.7/ }).first();
    await expect(row).toBeVisible({ timeout: 10_000 });

    // It is opened and explained: which bytes, in which field.
    await row.click();
    await expect(page).toHaveURL(/\/threats\/\d+/);
    const field = page.getByRole("region", { name: "query id" });
    expect((await field.locator("mark").allTextContents()).join("")).toMatch(/or%201=1/);
    const detail = page.getByRole("complementary");
    await expect(detail.getByText("Would be blocked", { exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(detail).toHaveCount(0);

    // Its alert is there, and somebody takes it on.
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Alerts" }).click();
    const alert = page.getByRole("region", { name: "Active alerts" }).locator("[data-alert]").filter({ hasText: "198.51.100.7" }).first();
    await expect(alert).toBeVisible({ timeout: 10_000 });
    await alert.getByRole("button", { name: "Acknowledge" }).click();
    await expect(alert.getByText(/^acknowledged/)).toBeVisible();

    // What would a lower threshold do? It is tried on what is stored, then put in force.
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Model" }).click();
    const slider = page.getByRole("slider", { name: "Threshold for blocking to try" });
    await slider.focus();
    await page.keyboard.press("End");
    await expect(page.getByText("3 requests would not be blocked any more at 1.00.")).toBeVisible();
    await page.getByRole("button", { name: "Save threshold 1.00" }).click();
    await page.getByRole("button", { name: "Yes, save 1.00 for all" }).click();
    await expect(page.getByText("Saved: 1.00 is in force.")).toBeVisible();
    // From now on the same request is judged by it.
    server.append([line({ at: ago(0), ip: "198.51.100.99", target: ATTACK })]);
    await expect.poll(async () => (await server.data<{ action: string }[]>("/traffic?range=1h&ip=198.51.100.99")).map(({ action }) => action), { timeout: 10_000 }).toEqual(["flag"]);

    // Both deeds stand in the audit log, with what was before and after.
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Audit log" }).click();
    const log = page.getByRole("table", { name: "Audit log, newest first" });
    const change = log.getByRole("row", { name: /config change/ });
    await expect(change).toHaveCount(1);
    await change.getByText("before and after").click();
    await expect(change.locator("pre")).toContainText("0.5");
    await expect(log.getByRole("row", { name: /acknowledged/ })).toHaveCount(1);
    expect(said).toEqual([]);
  } finally {
    await server.stop();
    server.clean();
  }
});

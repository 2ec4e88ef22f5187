import { expect, type Locator, type Page, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { Server, serverWith } from "./server";

const INJECTION = "/products?id=1%27%20or%201=1%20--%20";
const COMMAND = "/ping?host=127.0.0.1%3Bcat%20%2Fetc%2Fpasswd";
const SCRIPT = "/search?q=%3Cscript%3Ealert(1)%3C/script%3E";

const server = serverWith(() => [
  ...ordinary(60, ago(200)),
  ...Array.from({ length: 3 }, (_, index) => line({ at: ago(120 - index), ip: "198.51.100.7", target: INJECTION })),
  line({ at: ago(90), ip: "198.51.100.8", target: COMMAND }),
  line({ at: ago(80), ip: "198.51.100.9", target: SCRIPT }),
]);

interface Known {
  id: number;
  title: string;
  class: string | null;
  related_ip: string | null;
  status: string;
}
const active = () => server.current().data<Known[]>("/alerts/active");
const attacks = async () => (await active()).filter(({ class: threatClass }) => threatClass !== null);

function items(page: Page): Locator {
  return page.getByRole("region", { name: "Active alerts" }).locator("[data-alert]");
}

async function open(page: Page, query = ""): Promise<void> {
  await page.goto(`${server.current().url}/alerts${query}`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(items(page).first()).toBeVisible();
}

test("alerts stand in groups, the gravest on top, and other orders stand in the address", async ({ page }) => {
  await expect.poll(async () => (await attacks()).length).toBe(3);
  await open(page);
  const headings = page.getByRole("region", { name: "Active alerts" }).getByRole("heading", { level: 3 });
  await expect(headings.first()).toHaveText(/^critical/);
  await expect(items(page).first()).toContainText("198.51.100.8");
  await page.getByRole("button", { name: "Biggest" }).click();
  await expect(page).toHaveURL(/sort=count/);
  await expect(items(page).first()).toContainText("198.51.100.7");
  await page.reload();
  await expect(items(page).first()).toContainText("198.51.100.7");
});

test("of the views only the open one is marked as open", async ({ page }) => {
  await open(page);
  const views = page.getByRole("navigation", { name: "Alerts" });
  for (const name of ["Active", "History", "Silences", "Active"]) {
    await views.getByRole("link", { name }).click();
    await expect(views.locator("[aria-current=page]")).toHaveText([name]);
  }
});

test("the count of an alert opens exactly the threats that it counted", async ({ page }) => {
  await open(page);
  await items(page).filter({ hasText: "198.51.100.7" }).getByRole("link", { name: /^3× SQL Injection/ }).click();
  await expect(page).toHaveURL(/\/threats\?.*class=sql_injection/);
  await expect(page.locator("tbody tr")).toHaveCount(3);
});

test("several alerts are handled at once, and the way back leaves each as it was", async ({ page }) => {
  await open(page);
  const [first, second] = await attacks();
  if (first === undefined || second === undefined) throw new Error("there are two alerts");
  const item = ({ id }: Known) => page.locator(`[data-alert="${id}"]`);
  await item(first).getByRole("button", { name: "Acknowledge" }).click();
  await expect(item(first).getByText(/^acknowledged by/)).toBeVisible();
  for (const each of [first, second]) await item(each).getByRole("checkbox").check();
  const chosen = page.getByRole("group", { name: "Chosen alerts" });
  await expect(chosen).toContainText("2 chosen");
  await chosen.getByRole("button", { name: "Dismiss" }).click();
  await expect(item(first)).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(item(first).getByText(/^acknowledged by/)).toBeVisible();
  await expect(item(second).getByRole("button", { name: "Acknowledge" })).toBeVisible();
  const states = async () => (await active()).filter(({ id }) => id === first.id || id === second.id).map(({ status }) => status).sort();
  await expect.poll(states).toEqual(["acknowledged", "open"]);
});

test("the keyboard moves through alerts and acts on them", async ({ page }) => {
  await open(page);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const focused = items(page).first();
  await expect(focused.getByRole("checkbox")).toBeFocused();
  await page.keyboard.press("a");
  await expect(focused.getByText(/^acknowledged by/)).toBeVisible();
  await page.keyboard.press("s");
  await expect(page.getByRole("dialog", { name: "Silence an alert" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Silence an alert" })).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/analytics/);
});

test("an alert that is raised now appears by itself, and one that is resolved stands in the history", async ({ page }) => {
  await open(page);
  server.current().append([line({ at: new Date(), ip: "198.51.100.20", target: INJECTION })]);
  const item = items(page).filter({ hasText: "198.51.100.20" });
  await expect(item).toHaveCount(1, { timeout: 15_000 });
  await item.getByRole("button", { name: "Resolve" }).click();
  await expect(item).toHaveCount(0);
  await page.getByRole("navigation", { name: "Alerts" }).getByRole("link", { name: "History" }).click();
  await expect(page).toHaveURL(/view=history/);
  const past = page.getByRole("region", { name: "Alert history" }).locator("[data-alert]").filter({ hasText: "198.51.100.20" });
  await expect(past.getByText(/^resolved by/)).toBeVisible();
  await past.getByRole("button", { name: "Reopen" }).click();
  await expect(past.getByRole("button", { name: "Acknowledge" })).toBeVisible();
});

test("filters choose alerts in both views and stand in the address", async ({ page }) => {
  await open(page, "?class=xss");
  await expect(items(page)).toHaveCount(1);
  await expect(items(page)).toContainText("198.51.100.9");
  await page.goto(`${server.current().url}/alerts?view=history&severity=critical`);
  const past = page.getByRole("region", { name: "Alert history" }).locator("[data-alert]");
  await expect(past.first()).toBeVisible();
  const badges = await past.locator(".badge:first-of-type").allTextContents();
  expect(badges.every((text) => text === "critical")).toBe(true);
  await page.goto(`${server.current().url}/alerts?q=nothing%20like%20this`);
  await expect(page.getByText("No active alert matches these filters")).toBeVisible();
});

test("a silence of a whole class holds back what comes, counts it, and ends", async ({ page }) => {
  await open(page);
  await items(page).filter({ hasText: "198.51.100.9" }).getByRole("button", { name: "Silence" }).click();
  const dialog = page.getByRole("dialog", { name: "Silence an alert" });
  await dialog.getByRole("checkbox", { name: /client/ }).uncheck();
  await dialog.getByLabel("For").selectOption("4 hours");
  await dialog.getByLabel(/^Why/).fill("our own test");
  await dialog.getByRole("button", { name: "Silence" }).click();
  await expect(items(page).filter({ hasText: "198.51.100.9" })).toHaveCount(0);
  await page.getByRole("navigation", { name: "Alerts" }).getByRole("link", { name: "Silences" }).click();
  const row = page.getByRole("table", { name: "Silences" }).locator("tbody tr").first();
  await expect(row).toContainText("XSS");
  await expect(row).toContainText("our own test");
  server.current().append([line({ at: new Date(), ip: "198.51.100.21", target: SCRIPT })]);
  await expect.poll(async () => (await server.current().data<{ hits: number }[]>("/alerts/silences"))[0]?.hits, { timeout: 15_000 }).toBe(1);
  expect((await active()).some(({ related_ip: ip }) => ip === "198.51.100.21")).toBe(false);
  await row.getByRole("button", { name: /^End/ }).click();
  await expect(page.getByText("Nothing is silenced")).toBeVisible();
  await page.getByLabel("Client").fill("nowhere");
  await page.getByRole("form", { name: "Silence what matches" }).getByRole("button", { name: "Silence" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});

test("an answer that fails says so, and asking again shows the alerts", async ({ page }) => {
  await page.route("**/api/v1/alerts/active*", (route) => route.fulfill({ status: 503, contentType: "application/json", body: '{"success":false,"data":null,"message":"the store cannot be reached","error":{"code":"unavailable","request_id":"r-1"}}' }));
  await page.goto(`${server.current().url}/alerts`);
  await expect(page.getByText("the store cannot be reached")).toBeVisible({ timeout: 20_000 });
  await page.unroute("**/api/v1/alerts/active*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(items(page).first()).toBeVisible();
});

test("who may only look sees alerts and no buttons", async ({ page }) => {
  const vic = { name: "vic", role: "viewer", password: "gulls over the harbour" };
  const lines = [line({ at: ago(30), ip: "198.51.100.7", target: INJECTION })];
  const guarded = await Server.makeGuarded(lines, [{ name: "ann", role: "admin", password: "tide pools at dawn" }, vic]);
  try {
    await guarded.start(lines.length);
    await page.goto(`${guarded.url}/alerts`);
    await page.getByLabel("User name").fill(vic.name);
    await page.getByLabel("Password", { exact: true }).fill(vic.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(items(page).first()).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText(/^Your role sees alerts/)).toBeVisible();
    await expect(items(page).first().getByRole("button")).toHaveCount(0);
    await expect(page.getByRole("checkbox")).toHaveCount(0);
  } finally {
    await guarded.stop();
    guarded.clean();
  }
});

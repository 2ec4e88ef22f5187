import { expect, type Page, test } from "@playwright/test";

import { ago, ordinary } from "./log";
import { Server } from "./server";

const ANN = { name: "ann", role: "admin", password: "tide pools at dawn" };
const VIC = { name: "vic", role: "viewer", password: "gulls over the harbour" };

let server: Server;
test.beforeAll(async () => {
  const lines = ordinary(30, ago(10));
  server = await Server.makeGuarded(lines, [ANN, VIC]);
  await server.start(lines.length);
});
test.afterAll(async () => {
  await server.stop();
  server.clean();
});

async function logIn(page: Page, { name, password }: { name: string; password: string }): Promise<void> {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("whoever is not logged in is asked, and led back to where that was", async ({ page }) => {
  await page.goto(`${server.url}/traffic?method=GET`);
  await expect(page).toHaveURL(/\/login/);
  await logIn(page, { name: ANN.name, password: "not this one" });
  await expect(page.getByRole("alert")).toContainText(/password is wrong/);
  await logIn(page, ANN);
  await expect(page).toHaveURL(`${server.url}/traffic?method=GET`);
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr").first()).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Sign out ann" }).click();
  await expect(page.getByLabel("User name")).toBeVisible();
  await page.goto(`${server.url}/threats`);
  await expect(page).toHaveURL(/\/login/);
});

test("a session that ends elsewhere leads to the login page by itself", async ({ page }) => {
  await page.goto(`${server.url}/login`);
  await logIn(page, VIC);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  server.run(["user", "disable", VIC.name], "");
  // The overview asks now and then; the first refusal is enough.
  await expect(page.getByLabel("User name")).toBeVisible({ timeout: 20_000 });
  server.run(["user", "enable", VIC.name], "");
});

test("an administrator makes a token, sees it once, uses it, revokes it, and finds all of that in the audit log", async ({ page, request }) => {
  await page.goto(`${server.url}/settings?tab=tokens`);
  await logIn(page, ANN);
  await expect(page).toHaveURL(/tab=tokens/);
  await page.getByLabel("Name: what it is for").fill("nightly");
  await page.getByRole("button", { name: "Add token" }).click();
  const secret = await page.locator(".access-secret code").innerText();
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const ask = () => request.get(`${server.url}/api/v1/system/info`, { headers: { authorization: `Bearer ${secret}` } });
  expect((await ask()).status()).toBe(200);
  await page.reload();
  const row = page.getByRole("row", { name: /nightly/ });
  await expect(row).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  await row.getByRole("button", { name: "Revoke" }).click();
  await row.getByRole("button", { name: "Revoke nightly" }).click();
  await expect(row).toHaveCount(0);
  expect((await ask()).status()).toBe(401);

  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByLabel("Kind of thing").selectOption("token");
  await expect(page).toHaveURL(/kind=token/);
  const entries = page.getByRole("table", { name: "Audit log, newest first" }).locator("tbody tr");
  await expect(entries.filter({ hasText: "token nightly revoked" })).toHaveCount(1);
  await expect(entries.filter({ hasText: "token nightly made" })).toContainText("ann");
  await page.getByLabel("Action").selectOption("login");
  await expect(page.getByText("No entry matches")).toBeVisible();
});

test("an administrator makes a user who replaces a given password before anything else", async ({ page, browser }) => {
  await page.goto(`${server.url}/settings?tab=users`);
  await logIn(page, ANN);
  await expect(page.getByRole("form", { name: "Add a user" })).toBeVisible();
  await page.getByLabel("User name").fill("Olga");
  await page.getByLabel("Email").fill("olga@example.com");
  await page.getByLabel(/^Password/).fill("short");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("row", { name: /olga/ })).toHaveCount(0);
  await page.getByLabel(/^Password/).fill("herons by the weir");
  await page.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("row", { name: /olga@example.com/ })).toBeVisible();

  const given = server.run(["user", "passwd", "olga"], "").trim().split(": ").at(-1) ?? "";
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(`${server.url}/`);
  await logIn(theirs, { name: "olga", password: given });
  await theirs.getByLabel("Present password").fill(given);
  await theirs.getByLabel("New password", { exact: true }).fill("otters in the reeds");
  await theirs.getByLabel("New password again").fill("otters in the reeds");
  await theirs.getByRole("button", { name: "Replace password" }).click();
  await expect(theirs.getByText("The password is replaced.")).toBeVisible();
  await logIn(theirs, { name: "olga", password: "otters in the reeds" });
  await expect(theirs.getByRole("heading", { name: "Overview" })).toBeVisible();
});

test("who may not manage is told so", async ({ page }) => {
  await page.goto(`${server.url}/settings?tab=audit`);
  await logIn(page, VIC);
  await expect(page.getByText("Only administrators see this")).toBeVisible();
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page.getByText("Only administrators see this")).toBeVisible();
});

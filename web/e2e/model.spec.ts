import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { Server, serverWith } from "./server";

const ATTACK = "/products?id=1%27%20or%201=1%20--%20";
const lines = () => [...ordinary(60, ago(30)), line({ at: ago(20), ip: "198.51.100.7", target: ATTACK }), line({ at: ago(15), ip: "198.51.100.8", target: ATTACK })];
const server = serverWith(lines);

test("the card says what the model learnt from and how good it is on sets it never saw", async ({ page }) => {
  await page.goto(`${server.current().url}/model`);
  const info = await server.current().data<{ version: string; card: { hash: string; metrics: { set: string; seen: boolean; tpr_block: number | null }[] } }>("/waf/model-info");
  const card = page.getByRole("region", { name: "Model card" });
  await expect(card.getByText(info.version, { exact: true })).toBeVisible();
  await expect(card.getByText(info.card.hash)).toBeVisible();
  const rows = card.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(info.card.metrics.length + 1);
  const unseen = info.card.metrics.find(({ seen, tpr_block }) => !seen && tpr_block !== null);
  await expect(rows.filter({ hasText: unseen?.set.replace(/\.jsonl$/, "") ?? "-" })).toContainText(`${Number(((unseen?.tpr_block ?? 0) * 100).toFixed(2))} %`);
});

test("the table of measured quality is that of the weights in force, by set and by class, and can be sorted", async ({ page }) => {
  await page.goto(`${server.current().url}/model`);
  interface Card {
    hash: string;
    quality: { hash: string; sets: { set: string; attack: number; caught: number; benign: number; classes: { class: string; attack: number; caught: number }[] }[] };
  }
  const { card } = await server.current().data<{ card: Card }>("/waf/model-info");
  const { quality } = card;
  expect(quality.hash).toBe(card.hash);
  const panel = page.getByRole("region", { name: "Measured quality" });
  await expect(panel.getByText(quality.hash)).toBeVisible();
  const rows = panel.getByRole("table").locator("tbody tr");
  await expect(rows).toHaveCount(quality.sets.length);
  // The weakest set stands first.
  const weakest = quality.sets.filter(({ attack }) => attack > 0).sort((a, b) => a.caught / a.attack - b.caught / b.attack)[0];
  await expect(rows.first()).toContainText(`${Number((((weakest?.caught ?? 0) / (weakest?.attack ?? 1)) * 100).toFixed(2))} %`);
  await panel.getByRole("columnheader", { name: "Attacks" }).getByRole("button").click();
  await panel.getByRole("columnheader", { name: "Attacks" }).getByRole("button").click();
  await expect(panel.getByRole("columnheader", { name: "Attacks" })).toHaveAttribute("aria-sort", "descending");
  await expect(rows.first()).toContainText("payloads_second");
  await panel.getByRole("button", { name: "By class of attack" }).click();
  await expect(rows).toHaveCount(quality.sets.reduce((sum, { classes }) => sum + classes.length, 0));
});

test("a moved threshold tells what would change, is saved for all, noted, and taken back", async ({ page }) => {
  await page.goto(`${server.current().url}/model?range=1h`);
  const threshold = async () => (await server.current().data<{ threshold: number }>("/waf/config")).threshold;
  const before = await threshold();
  const slider = page.getByRole("slider", { name: "Threshold for blocking to try" });
  await expect(slider).toHaveValue(String(before));
  // The highest score there is: both attacks change sides below it, or neither when they reach it.
  await slider.focus();
  await page.keyboard.press("End");
  await expect(page).toHaveURL(/threshold=1(&|$)/);
  const answer = await server.current().data<{ newly_allowed: number; samples: { id: number }[] }>("/detection/what-if?range=1h&threshold=1");
  expect(answer.newly_allowed).toBe(2);
  await expect(page.getByText("2 requests would not be blocked any more at 1.00.")).toBeVisible();
  await expect(page.getByRole("region", { name: "By path" }).getByRole("listitem")).toHaveText(/\/products\s*2/);
  await expect(page.getByRole("region", { name: "By client" }).getByRole("listitem")).toHaveCount(2);

  await page.getByRole("button", { name: "Save threshold 1.00" }).click();
  expect(await threshold()).toBe(before);
  await page.getByRole("button", { name: "Yes, save 1.00 for all" }).click();
  await expect(page.getByText("Saved: 1.00 is in force.")).toBeVisible();
  expect(await threshold()).toBe(1);
  await page.getByRole("button", { name: `Undo, back to ${before.toFixed(2)}` }).click();
  await expect(page.getByText(`Saved: 1.00 is in force.`)).toBeHidden();
  expect(await threshold()).toBe(before);
  const audit = await server.current().data<{ action: string }[]>("/audit/logs?action=config_change");
  expect(audit).toHaveLength(2);
});

test("a sample of what would change opens its request", async ({ page }) => {
  await page.goto(`${server.current().url}/model?range=1h&threshold=1`);
  await page.getByRole("region", { name: "Samples" }).getByRole("link", { name: /^GET \/products/ }).first().click();
  await expect(page).toHaveURL(/\/traffic\/\d+/);
  await expect(page.getByRole("heading", { name: /^Request \d+/ })).toBeVisible();
});

test("below 0.1 it says that single requests cannot be told", async ({ page }) => {
  await page.goto(`${server.current().url}/model?threshold=0.05`);
  await expect(page.getByText(/What would change can be told from 0\.10 on/)).toBeVisible();
});

test("a pasted request is judged and not kept", async ({ page }) => {
  const total = async () => (await server.current().data<{ total_requests: number }>("/analytics/summary?range=24h")).total_requests;
  const before = await total();
  await page.goto(`${server.current().url}/model`);
  const text = page.getByRole("textbox", { name: /^An address/ });
  await text.fill(`GET ${ATTACK} HTTP/1.1\nHost: shop.example.com`);
  await page.getByRole("button", { name: "Judge" }).click();
  const verdict = page.getByRole("status", { name: "Verdict" });
  await expect(verdict).toContainText("SQL Injection");
  // What carried the verdict is marked within the field as it was sent.
  const field = verdict.getByRole("region", { name: "query id" });
  await expect(field.locator("pre")).toHaveText("1%27%20or%201=1%20--%20");
  expect((await field.locator("pre mark").allTextContents()).join("")).toMatch(/or%201=1/);
  await text.fill("/products?id=7");
  await page.getByRole("button", { name: "Judge" }).click();
  await expect(verdict).toContainText("No attack recognised");
  await text.fill("what is this");
  await page.getByRole("button", { name: "Judge" }).click();
  await expect(page.getByRole("alert")).toContainText("begins with http");
  expect(await total()).toBe(before);
});

test("who may only read sees what would change and is told that saving is for others", async ({ page }) => {
  const guarded = await Server.makeGuarded(lines(), [{ name: "vic", role: "viewer", password: "gulls over the harbour" }]);
  try {
    await guarded.start(62);
    await page.goto(`${guarded.url}/model?range=1h&threshold=1`);
    await page.getByLabel("User name").fill("vic");
    await page.getByLabel("Password", { exact: true }).fill("gulls over the harbour");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByText("2 requests would not be blocked any more at 1.00.")).toBeVisible();
    await expect(page.getByText("Only administrators change the threshold.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^Save threshold/ })).toHaveCount(0);
  } finally {
    await guarded.stop();
    guarded.clean();
  }
});

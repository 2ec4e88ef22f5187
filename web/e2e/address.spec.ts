import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => [...ordinary(250, ago(10)), line({ at: ago(5), target: "/only-one", method: "PUT" })]);

test("filters stand in the address and survive a reload", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await page.getByLabel("Filter by").selectOption("Method");
  await page.getByLabel("Filter value").fill("PUT");
  await page.getByRole("button", { name: "Add filter" }).click();
  const rows = page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/method=PUT/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "Remove filter Method PUT" }).click();
  await expect(rows).toHaveCount(100);
});

test("a value in a row narrows the list to itself", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  await page.getByTitle("Show only status 500").first().click();
  await expect(page).toHaveURL(/status=500/);
  await expect(page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr")).toHaveCount(25);
});

test("pages lead through every row once and back, also after a reload", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic`);
  const rows = page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr");
  await expect(rows).toHaveCount(100);
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.getByText("100 requests · page 2")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.getByText("51 requests · page 3")).toBeVisible();
  await expect(page.getByRole("button", { name: "Older" })).toBeDisabled();
  await page.getByRole("button", { name: "Newer" }).click();
  await page.getByRole("button", { name: "Newer" }).click();
  await expect(page.getByText("100 requests · page 1")).toBeVisible();
});

test("the filtered rows can be had as a file", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic?status=500`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const stream = await (await download).createReadStream();
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  expect(text.trimEnd().split("\r\n")).toHaveLength(1 + 25);
});

test("the range is kept from page to page", async ({ page }) => {
  await page.goto(server.current().url);
  await page.getByRole("button", { name: "7d" }).click();
  await page.getByRole("link", { name: "Traffic", exact: true }).click();
  await expect(page).toHaveURL(/\/traffic\?range=7d/);
  await expect(page.getByRole("button", { name: "7d" })).toHaveAttribute("aria-pressed", "true");
});

test("what the server refuses is told in its own words", async ({ page }) => {
  await page.goto(`${server.current().url}/traffic?cursor=broken`);
  await expect(page.getByRole("alert")).toContainText(/cursor/i);
  await expect(page.getByRole("alert")).toContainText(/request id/i);
});

test("no request leaves the origin and the policy is never broken", async ({ page }) => {
  const outside: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.current().url) && !request.url().startsWith("data:")) outside.push(request.url());
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== new URL(server.current().url).host) outside.push(socket.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  for (const path of ["/", "/traffic", "/threats", "/analytics", "/performance", "/security", "/sources", "/settings"]) {
    const answer = await page.goto(server.current().url + path);
    expect(answer?.headers()["content-security-policy"]).toContain("default-src 'self'");
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
  }
  await page.getByRole("link", { name: "Traffic", exact: true }).click();
  await page.locator("tbody tr").first().click();
  await expect(page.getByRole("complementary")).toBeVisible();
  expect(outside).toEqual([]);
  expect(complaints).toEqual([]);
});

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => ordinary(20, ago(30)));

let folder = "";
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "bartizan-source-"))));
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a log is looked at, added, read as it grows, and removed; the audit log has both", async ({ page }) => {
  const log = join(folder, "second.log");
  writeFileSync(log, ordinary(30, ago(60)).map((text) => `${text}\n`).join(""));
  await page.goto(`${server.current().url}/sources`);
  const form = page.getByRole("form", { name: "Add a log source" });
  await form.getByLabel("File or pattern on the server").fill(log);
  await form.getByLabel("Name", { exact: true }).fill("second");
  await form.getByRole("button", { name: "Look at it" }).click();
  const preview = page.getByRole("region", { name: "What it would read" });
  await expect(preview).toContainText("1 file");
  await expect(preview).toContainText("30 of the first 30 lines are requests");
  await expect(preview.getByRole("table", { name: "First requests" }).getByRole("row")).toHaveCount(6);
  await preview.getByRole("button", { name: "Read second" }).click();

  await expect(page.getByText("second is read from now on")).toBeVisible();
  const row = page.getByRole("table", { name: "Log sources" }).getByRole("row", { name: /^second/ });
  await expect(row).toContainText("30");
  appendFileSync(log, `${line({ at: ago(0), target: "/grown" })}\n`);
  await expect(row).toContainText("31", { timeout: 15_000 });

  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Stop reading second" }).click();
  await expect(row).toHaveCount(0);
  await page.goto(`${server.current().url}/settings?tab=audit`);
  await expect(page.getByText("log source second added")).toBeVisible();
  await expect(page.getByText("log source second removed")).toBeVisible();
});

test("what is no log, is not there or is read already is refused in words that help, and none of it is shown", async ({ page }) => {
  await page.goto(`${server.current().url}/sources`);
  const form = page.getByRole("form", { name: "Add a log source" });
  const secret = join(folder, "secret.txt");
  writeFileSync(secret, "root:$6$salt$hash:19000:0:99999:7:::\n".repeat(30));
  for (const path of [secret, join(folder, "missing.log"), folder, "relative.log", server.current().log]) {
    await form.getByLabel("File or pattern on the server").fill(path);
    await form.getByRole("button", { name: "Look at it" }).click();
    await expect(form.getByRole("alert"), path).not.toBeEmpty();
    await expect(page.getByRole("region", { name: "What it would read" })).toHaveCount(0);
  }
  await expect(page.locator("body")).not.toContainText("$6$salt");
});

test("what stands in the configuration cannot be removed here", async ({ page }) => {
  await page.goto(`${server.current().url}/sources`);
  await expect(page.getByRole("table", { name: "Log sources" }).getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Remove" })).toHaveCount(0);
});

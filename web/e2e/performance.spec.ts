import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

interface Task {
  name: string;
  about: string;
  runs: number;
}

const server = serverWith(() => ordinary(50, ago(30)));

test("the charts of the page show what was measured, each with its table", async ({ page }) => {
  await page.goto(`${server.current().url}/performance?range=15m`);
  await page.getByRole("button", { name: "Show Time of judging as a table" }).click();
  // Judging is measured every few seconds, and the chart is asked for anew when rows come in.
  server.current().append([line({ at: new Date() })]);
  await expect(page.getByRole("region", { name: "Time of judging, figures" }).getByText(/\d (µs|ms)$/).first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("The log names no response times in this range")).toBeVisible();
});

test("the pipeline counts what comes in", async ({ page }) => {
  await page.goto(`${server.current().url}/performance`);
  const pipeline = page.getByRole("region", { name: "Pipeline" });
  await expect(pipeline.getByRole("link", { name: "1 log source" })).toBeVisible();
  server.current().append(Array.from({ length: 40 }, () => line({ at: new Date() })));
  await expect(pipeline.getByText(/^[1-9][\d.]* lines\/s$/)).toBeVisible({ timeout: 15_000 });
});

test("a task that is asked for runs", async ({ page }) => {
  await page.goto(`${server.current().url}/performance`);
  const [task] = await server.current().data<Task[]>("/system/tasks");
  if (task === undefined) throw new Error("the server has no tasks");
  await page.getByRole("button", { name: `Run now: ${task.about}` }).click();
  await expect.poll(async () => (await server.current().data<Task[]>("/system/tasks")).find(({ name }) => name === task.name)?.runs).toBeGreaterThan(task.runs);
});

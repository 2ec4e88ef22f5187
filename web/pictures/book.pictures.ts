// The pictures of readme and book: BARTIZAN_BIN=… npm run pictures

import { join } from "node:path";

import { expect, type Page, test } from "@playwright/test";

import { Server } from "../e2e/server";

const FOLDER = join(import.meta.dirname, "../../docs/pictures");
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

interface Picture {
  name: string;
  path: string;
  scheme: "dark" | "light";
  size: { width: number; height: number };
  /** What is done before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
}

const PICTURES: Picture[] = [
  { name: "overview-dark", path: "/?range=6h", scheme: "dark", size: DESK },
  { name: "overview-light", path: "/?range=6h", scheme: "light", size: DESK },
  { name: "overview-phone", path: "/?range=6h", scheme: "dark", size: PHONE },
  { name: "traffic-light", path: "/traffic?range=6h", scheme: "light", size: DESK },
  { name: "threat-dark", path: "/threats?range=6h&class=sql_injection,xss", scheme: "dark", size: DESK, prepare: openFirst },
  { name: "threat-phone", path: "/threats?range=6h&class=sql_injection,xss", scheme: "light", size: PHONE, prepare: openFirst },
  { name: "alerts-dark", path: "/alerts?range=6h", scheme: "dark", size: DESK },
  { name: "model-light", path: "/model?range=6h&threshold=0.9", scheme: "light", size: DESK },
];

test("pictures", async ({ browser }) => {
  const server = await Server.make([]);
  try {
    await server.start(1, { follow: false, demo: true });
    await settle(server);
    for (const { name, path, scheme, size, prepare } of PICTURES) {
      const page = await browser.newPage({ viewport: size, colorScheme: scheme, reducedMotion: "reduce", timezoneId: "UTC" });
      await page.goto(server.url + path);
      await expect(page.getByText("Live", { exact: true })).toBeVisible();
      await prepare?.(page);
      await expect(page.locator(".skeleton")).toHaveCount(0);
      // The charts measure their room once the text has its own.
      await page.waitForTimeout(700);
      await page.screenshot({ path: join(FOLDER, `${name}.png`) });
      await page.close();
    }
  } finally {
    await server.stop();
    server.clean();
  }
});

async function openFirst(page: Page): Promise<void> {
  await page.locator("tbody tr").first().click();
  await expect(page.getByRole("complementary")).toBeVisible();
}

/** The demo begins with its past; waits until that is read, and alerts are raised over it. */
async function settle(server: Server): Promise<void> {
  const parsed = async () => (await server.data<{ parsed: number }[]>("/system/sources")).reduce((sum, source) => sum + source.parsed, 0);
  let before = -1;
  for (let now = await parsed(); now - before > 100; now = await parsed()) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  await new Promise((resolve) => setTimeout(resolve, 5_000));
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect, test } from "@playwright/test";
import type { AxeResults } from "axe-core";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const server = serverWith(() => [...ordinary(60, ago(30)), line({ at: ago(20), ip: "198.51.100.7", target: "/products?id=1%27%20or%201=1%20--%20" })]);

for (const scheme of ["dark", "light"] as const) {
  for (const path of ["/", "/traffic", "/threats", "/threats/1", "/alerts", "/alerts?view=history", "/alerts?view=silences", "/activity", "/activity?feed=system", "/analytics", "/performance", "/security", "/model", "/model?threshold=0.9", "/sources", "/settings", "/settings/api", "/settings?tab=appearance", "/settings?tab=notifications", "/settings?tab=retention", "/settings?tab=users", "/settings?tab=tokens", "/settings?tab=audit"]) {
    test(`axe finds nothing on ${path} in the ${scheme} scheme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(server.current().url + path);
      await expect(page.getByText("Live", { exact: true })).toBeVisible();
      await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
      await page.evaluate(AXE);
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResults> } };
        const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
      });
      expect(found).toEqual([]);
    });
  }
}

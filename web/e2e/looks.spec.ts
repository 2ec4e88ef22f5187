import { expect, test } from "@playwright/test";

import { ago, line, ordinary } from "./log";
import { serverWith } from "./server";

const server = serverWith(() => [
  ...ordinary(60, ago(30)),
  line({ at: ago(20), ip: "198.51.100.7", target: `/products?id=9%27%20UNION%20SELECT%20${"x".repeat(400)}%20FROM%20users%20--` }),
  line({ at: ago(10), target: `/${"long".repeat(150)}` }),
]);

for (const path of ["/", "/traffic", "/threats", "/alerts", "/alerts?view=history", "/alerts?view=silences", "/activity", "/activity?feed=system", "/analytics", "/performance", "/security", "/model", "/sources", "/threats/1", "/traffic/1"]) {
  test(`${path} fits a phone of 390 pixels`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(server.current().url + path);
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
}

for (const [width, least] of [[1280, 130], [390, 75]] as const) {
  test(`the request of a threat can be read at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${server.current().url}/threats`);
    const request = await page.locator("tbody tr").first().getByText(/^GET \/products/).locator("xpath=ancestor::td").boundingBox();
    expect(request?.width).toBeGreaterThan(least);
  });
}

test("on a phone the bar shows which page is open", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.current().url}/settings`);
  await expect(page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Settings" })).toBeInViewport({ ratio: 0.95 });
});

for (const scheme of ["dark", "light"] as const) {
  test(`the system's ${scheme} scheme is followed, a chosen one wins and is kept`, async ({ page }) => {
    const isDark = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme.includes("dark"));
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(server.current().url);
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    expect(await isDark()).toBe(scheme === "dark");
    const button = page.getByRole("button", { name: /^Colours:/ });
    while (!(await button.getAttribute("aria-label"))?.includes(scheme === "dark" ? "Colours: light" : "Colours: dark")) await button.click();
    expect(await isDark()).toBe(scheme !== "dark");
    await page.reload();
    await expect(button).toBeVisible();
    expect(await isDark()).toBe(scheme !== "dark");
  });
}

test("text stands out from its ground in both schemes", async ({ page }) => {
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(server.current().url);
    await expect(page.getByRole("link", { name: /^Requests / })).toBeVisible();
    const weak = await page.evaluate(weakTexts);
    expect(weak, scheme).toEqual([]);
  }
});

/** Texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3), with their colours; runs in the page. */
function weakTexts(): string[] {
  const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]: number[]) => {
    const [red = 0, green = 0, blue = 0] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element: Element | null): number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || (colour[3] ?? 0) > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const weak = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const element = walker.currentNode.parentElement;
    if (element === null || (walker.currentNode.textContent ?? "").trim() === "" || !element.checkVisibility()) continue;
    if (element.closest("button:disabled, noscript, script, .sr-only") !== null) continue;
    const text = luminance(parse(getComputedStyle(element).color));
    const back = luminance(ground(element));
    const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    if (contrast < 4.5) weak.add(`${(walker.currentNode.textContent ?? "").trim().slice(0, 20)}: ${contrast.toFixed(2)}`);
  }
  return [...weak];
}

import { scripts } from "../src/bundle.mjs";
import { html, SHOP_BODY } from "../src/page.mjs";

/** Trackers, error reporters, feature flags: each on a shop page, with somebody who types and clicks. */
export function sdkScenes(/** @type {Map<string, any>} */ files, /** @type {Map<string, any>} */ pages) {
  return scripts("sdk").filter((name) => files.has(`sdk/${name}`)).map((name, i) => {
    const path = ["/", "/p/trail-runner-3", "/en/offers", "/c/shoes/"][i % 4];
    const host = `${name}-shop.example`;
    pages.set(host + path, html({ title: `Offers – ${name}`, body: SHOP_BODY, bundle: files.get(`sdk/${name}`) }));
    const query = ["", "?utm_source=newsletter&utm_medium=email&utm_campaign=spring%20sale", "?gclid=EAIaIQobChMI-_x&ref=a%2Fb", "?variant=8%C2%BD&color=red%7Cblue"][i % 4];
    return {
      name: `sdk-${name}`, url: `https://${host}${path}${query}`, mostMs: 2600, personas: 2,
      /** @param {import("playwright-core").Page} page @param {import("../src/words.mjs").Words} w */
      async drive(page, w) {
        await page.click("#buy");
        await page.fill("#q", w.search());
        await page.fill("#mail", "anna@example.com");
        await page.fill("#note", w.prose());
        await page.selectOption("#size", "M");
        await page.click("#go");
        await page.click("#news");
        await page.evaluate(() => Promise.race([Promise.resolve(/** @type {any} */ (window).act?.()), new Promise((r) => setTimeout(r, 2000))]));
        await page.evaluate(() => { setTimeout(() => { throw new TypeError("cart.items is not iterable"); }, 10); Promise.reject(new Error("request aborted: /v1/cart?x=1")); });
        await page.mouse.move(200, 300);
        await page.mouse.wheel(0, 400);
      },
    };
  });
}

import { scripts } from "../src/bundle.mjs";
import { html, SHOP_BODY } from "../src/page.mjs";

const UPLOAD_AREAS = '<div id="zone" class="dropzone"></div><div id="zone2" class="dropzone"></div><input type="file" id="pond">';

/** API clients: each page runs one script of calls. */
export function apiScenes(/** @type {Map<string, any>} */ files, /** @type {Map<string, any>} */ pages) {
  return scripts("api").filter((name) => files.has(`api/${name}`)).map((name) => {
    pages.set("app.example/" + name, html({ title: name, body: SHOP_BODY + UPLOAD_AREAS, bundle: files.get(`api/${name}`) }));
    return {
      name: `api-${name}`, url: `https://app.example/${name}`, mostMs: 1500, personas: 2,
      /** @param {import("playwright-core").Page} page */
      async drive(page) {
        await page.evaluate(() => Promise.race([Promise.resolve(/** @type {any} */ (window).act()).catch((e) => { throw e; }), new Promise((r) => setTimeout(r, 12000))]));
      },
    };
  });
}

import { cookies } from "../src/cookies.mjs";
import { uploads } from "../src/files.mjs";
import { html } from "../src/page.mjs";
import { CMS_FORMS } from "./forms-cms.mjs";
import { FRAMEWORK_FORMS } from "./forms-framework.mjs";
import { PEOPLE_FORMS } from "./forms-people.mjs";

/** Every form is filled in and sent by the browser itself, so the encoding is the browser's. */
export function formScenes(/** @type {Map<string, any>} */ pages) {
  const groups = { cms: CMS_FORMS, framework: FRAMEWORK_FORMS, people: PEOPLE_FORMS };
  return Object.entries(groups).flatMap(([group, forms]) => {
    for (const form of forms) {
      const method = form.method ?? "post";
      const page = html({ title: form.name, body: `<form id="f" action="${form.path.replaceAll("&", "&amp;")}" method="${method}"${form.type ? ` enctype="${form.type}"` : ""}><span id="fields"></span>${form.files ? `<input type="file" id="files" name="${form.files}" multiple>` : ""}<button id="send">Send</button></form>` });
      pages.set(form.host + new URL(form.path, `https://${form.host}`).pathname, page);
    }
    return Array.from({ length: 3 }, (_, third) => ({
      name: `form-${group}`, url: `https://${forms[0].host}${forms[0].path}`, personas: 1, mostMs: 100,
      /** @param {import("playwright-core").Page} page @param {import("../src/words.mjs").Words} w @param {import("playwright-core").BrowserContext} context @param {(scene: string) => void} named */
      async drive(page, w, context, named) {
        for (let i = 0; i < 3 * third; i++) w.seed.next();
        for (const form of forms) {
          await context.clearCookies();
          await context.addCookies(cookies(w, w.seed.whole(0, 5)).map((c) => ({ ...c, url: `https://${form.host}` })));
          named("none");
          await page.goto(`https://${form.host}${form.path}`, { waitUntil: "domcontentloaded" });
          await page.evaluate((fields) => {
            const at = document.querySelector("#fields");
            for (const [name, value] of fields) {
              const field = document.createElement(/[\r\n]/.test(String(value)) || String(value).length > 60 ? "textarea" : "input");
              field.name = name;
              field.value = String(value);
              at?.append(field);
            }
          }, form.fields(w));
          if (form.files) {
            const chosen = w.seed.some(uploads(`${form.name} ${third}`), w.seed.whole(1, 3));
            await page.setInputFiles("#files", chosen.map((f) => ({ name: f.name, mimeType: f.type, buffer: f.data })));
          }
          named(`form-${form.name}`);
          await Promise.all([page.waitForNavigation({ waitUntil: "domcontentloaded" }), page.click("#send")]);
        }
      },
    }));
  });
}

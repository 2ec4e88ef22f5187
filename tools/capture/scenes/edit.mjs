import { scripts } from "../src/bundle.mjs";
import { html } from "../src/page.mjs";

/** Rich-text and Markdown editors: a person types, formats, and the page saves. */
export function editScenes(/** @type {Map<string, any>} */ files, /** @type {Map<string, any>} */ pages) {
  return scripts("edit").filter((name) => files.has(`edit/${name}`)).map((name) => {
    pages.set(`cms.example/${name}/edit`, html({ title: `Edit – ${name}`, body: '<h1>Draft</h1><div id="editor"></div><textarea id="editor-area"></textarea>', bundle: files.get(`edit/${name}`) }));
    return {
      name: `edit-${name}`, url: `https://cms.example/${name}/edit?post=${name.length * 37}&action=edit`, personas: 2,
      /** @param {import("playwright-core").Page} page @param {import("../src/words.mjs").Words} w */
      async drive(page, w) {
        await page.waitForFunction(() => "save" in window);
        const area = /tinymce/.test(name) ? page.frameLocator("iframe").locator("body") : page.locator(name === "easymde" ? ".CodeMirror" : "[contenteditable=true]").first();
        for (let i = 0; i < 3; i++) {
          await area.click({ timeout: 2000 }).catch(() => {});
          await page.keyboard.insertText(w.prose());
          await page.keyboard.press("Enter");
          await page.evaluate((k) => /** @type {any} */ (window).style(k), i);
          await page.evaluate(() => /** @type {any} */ (window).save());
        }
      },
    };
  });
}

import { apiScenes } from "./api.mjs";
import { editScenes } from "./edit.mjs";
import { formScenes } from "./form.mjs";
import { sdkScenes } from "./sdk.mjs";
import { siteScenes } from "./site.mjs";

/** Folders of pages/ that are bundled. */
export const GROUPS = ["sdk", "api", "edit", "site"];

/** @param {Map<string, any>} files bundles @param {Map<string, any>} pages to add to @returns {import("../src/browser.mjs").Scene[]} */
export const browserScenes = (files, pages) => [...formScenes(pages), ...siteScenes(files, pages), ...apiScenes(files, pages), ...editScenes(files, pages), ...sdkScenes(files, pages)];

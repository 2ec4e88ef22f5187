import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PAGES = fileURLToPath(new URL("../pages/", import.meta.url));

/** @param {string} group a folder of pages/ @returns {string[]} the names of its scripts */
export function scripts(group) {
  return readdirSync(join(PAGES, group)).filter((f) => f.endsWith(".js")).map((f) => basename(f, ".js")).sort();
}

/**
 * Bundles every script of pages/ as a web server would ship it.
 * @param {string[]} groups
 * @returns {Promise<{files: Map<string, {js: Buffer, css?: Buffer, path: string, cssPath?: string}>, failed: string[]}>} by "group/name"
 */
export async function bundles(groups) {
  const files = new Map();
  const failed = [];
  for (const group of groups) {
    for (const name of scripts(group)) {
      try {
        const out = await build({
          entryPoints: [join(PAGES, group, `${name}.js`)], bundle: true, minify: true, write: false, outdir: "/out", platform: "browser", format: "iife", target: "es2022", charset: "utf8", legalComments: "none", logLevel: "silent",
          define: { "process.env.NODE_ENV": '"production"', global: "globalThis" }, loader: { ".svg": "dataurl", ".woff": "dataurl", ".woff2": "dataurl", ".png": "dataurl", ".ttf": "dataurl" },
        });
        const js = out.outputFiles.find((f) => f.path.endsWith(".js"));
        const css = out.outputFiles.find((f) => f.path.endsWith(".css"));
        if (!js) throw new Error("no script came out");
        const hash = createHash("sha256").update(js.contents).digest("hex").slice(0, 8);
        files.set(`${group}/${name}`, { js: Buffer.from(js.contents), path: `/assets/${name}.${hash}.js`, ...(css ? { css: Buffer.from(css.contents), cssPath: `/assets/${name}-${hash.toUpperCase()}.css` } : {}) });
      } catch (e) {
        failed.push(`${group}/${name}: ${String(e).split("\n").slice(0, 3).join(" ")}`);
      }
    }
  }
  return { files, failed };
}

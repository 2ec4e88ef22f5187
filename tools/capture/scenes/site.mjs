import { cookies } from "../src/cookies.mjs";
import { html, SHOP_BODY } from "../src/page.mjs";
import { links } from "./links.mjs";

const REPORTS = {
  "content-security-policy-report-only": "default-src 'self' https://cdn.example https://api.example; img-src 'self'; script-src 'self' https://cdn.example; report-uri https://collect.example/csp/report-uri?v=1",
  "permissions-policy": "geolocation=()", "document-policy": "include-js-call-stacks-in-crash-reports",
  "accept-ch": "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Full-Version-List, Sec-CH-Prefers-Color-Scheme, Sec-CH-Viewport-Width, Device-Memory, Downlink, ECT, RTT, DPR",
};
const HEAD = '<link rel="manifest" href="/site.webmanifest" crossorigin="use-credentials"><link rel="preconnect" href="https://api.example"><link rel="prefetch" href="/next?page=2&amp;sort=new"><link rel="preload" as="font" type="font/woff2" href="https://cdn.example/fonts/Inter%20Var.woff2?v=4.0" crossorigin><link rel="modulepreload" href="https://cdn.example/assets/chunk-A1B2C3.js"><link rel="alternate" type="application/rss+xml" href="/feed/"><script type="speculationrules">{"prefetch":[{"urls":["/next?page=3"],"eagerness":"immediate"}]}</script><style>@font-face{font-family:X;src:url("https://cdn.example/fonts/x.woff2?a=1&b=2")}body{font-family:X;background:url("/img/bg%20(1).svg#a")}</style>';
const MORE = '<a id="ping" href="#ping" ping="https://collect.example/ping?l=1 https://collect.example/ping?l=2">Ping</a><video src="/video/film%20(1).mp4" preload="auto" muted></video><picture><source srcset="https://img.example/cdn-cgi/image/width=800,quality=75,format=auto/photos/a%20b.jpg 2x" type="image/avif"><img src="/thumb.php?src=photos/a.jpg&amp;w=300&amp;h=200&amp;zc=1" alt=""></picture><img loading="lazy" src="https://img.example/a/AVvXsEh_=w640-h480-p-k-no-nu" alt=""><object data="/files/plan.pdf" type="application/pdf"></object>';
const HTMX = '<form hx-post="/partials/search?sort=new" hx-target="#out" hx-swap="innerHTML" onsubmit="event.preventDefault()"><input id="hx-q" name="q"><textarea id="hx-note" name="note"></textarea><button id="hx-send">Go</button></form><div id="out" hx-get="/partials/list?page=2" hx-trigger="load"></div><turbo-frame id="details" src="/frames/details?id=7"></turbo-frame><turbo-frame id="edit"><form id="turbo-form" action="/frames/update" method="post"><input type="hidden" name="authenticity_token" value="a1/b2+c3=="><input id="turbo-name" name="user[name]"></form></turbo-frame>';

/** Pages that use the platform, search as one types, and are opened from links. */
export function siteScenes(/** @type {Map<string, any>} */ files, /** @type {Map<string, any>} */ pages) {
  pages.set("www.shop.example/platform", html({ title: "Platform", body: SHOP_BODY + MORE, head: HEAD, bundle: files.get("site/platform"), headers: REPORTS }));
  pages.set("www.shop.example/typing", html({ title: "Typing", body: SHOP_BODY, bundle: files.get("site/typing"), headers: { "reporting-endpoints": 'csp="https://collect.example/csp/report-to"', "content-security-policy-report-only": "connect-src 'self'; img-src 'none'; report-to csp" } }));
  pages.set("www.shop.example/htmx", html({ title: "Fragments", body: HTMX, bundle: files.get("site/htmx") }));
  pages.set("*/frames/update", { status: 422, type: "text/html", body: HTMX.slice(HTMX.indexOf('<turbo-frame id="edit"')) });
  pages.set("www.shop.example/sw.js", { type: "text/javascript", body: 'self.addEventListener("install", (e) => e.waitUntil(caches.open("v3").then((c) => c.addAll(["/offline.html", "/app.css?v=3.1.4"])).then(() => self.skipWaiting()))); self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim())); self.addEventListener("fetch", (e) => { if (e.request.url.includes("/api/")) e.respondWith(fetch(e.request)); });' });
  pages.set("www.shop.example/worker.js", { type: "text/javascript", body: 'fetch("/api/worker/sync?since=1790000000", { headers: { "x-worker": "1" } }); importScripts("/lib/geo.js?v=2");' });
  /** @param {import("playwright-core").Page} page */
  const act = async (page) => void (await page.evaluate(() => Promise.race([/** @type {any} */ (window).act(), new Promise((r) => setTimeout(r, 9000))])));
  const scripted = ["platform", "typing", "htmx"].filter((n) => files.has(`site/${n}`)).map((n) => ({ name: `site-${n}`, url: `https://www.shop.example/${n}?lang=en`, personas: 3, mostMs: 2500, cookies: 5, drive: act }));
  const opened = {
    name: "link", url: "https://www.shop.example/", personas: 3, mostMs: 100,
    /** @param {import("playwright-core").Page} page @param {import("../src/words.mjs").Words} w @param {any} context @param {(scene: string) => void} named */
    async drive(page, w, context, named) {
      for (const [scene, urls] of links(w)) {
        for (const url of urls) {
          await context.clearCookies();
          await context.addCookies(cookies(w, w.seed.whole(0, 6)).map((c) => ({ ...c, url: new URL(url).origin })));
          named(scene);
          await page.goto(url, { waitUntil: "domcontentloaded", referer: w.seed.next() > 0.7 ? "https://www.search.example/" : undefined });
        }
      }
    },
  };
  return [...scripted, opened];
}

/** @typedef {import("./answer.mjs").Reply} Reply */

/** @param {unknown} s */
export const escape = (s) => String(s).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);

/**
 * A page of an invented site.
 * @param {{title: string, body: string, bundle?: {path: string, cssPath?: string}, head?: string, headers?: Record<string, string | string[]>}} of
 * @returns {Reply}
 */
export function html({ title, body, bundle, head = "", headers }) {
  const css = bundle?.cssPath ? `<link rel="stylesheet" href="https://cdn.example${bundle.cssPath}">` : "";
  const script = bundle ? `<script src="https://cdn.example${bundle.path}" crossorigin="anonymous" defer></script>` : "";
  return { type: "text/html; charset=utf-8", headers, body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title><link rel="icon" href="/favicon.ico">${head}${css}${script}</head><body>${body}</body></html>` };
}

/** What the pages of trackers show: something to read, to type into, to press. */
export const SHOP_BODY = `<header><a id="home" href="#/">Shop</a> <nav><a id="news" href="#/news?id=7">News &amp; offers</a></nav></header>
<main><h1>Today's offers</h1><article class="card" data-sku="TR-1"><h2>Trail Runner</h2><p>Light &amp; fast – "the best of 2026".</p><button id="buy" class="btn btn-primary">Add to cart</button></article>
<form id="search" onsubmit="event.preventDefault()"><input id="q" name="q" placeholder="Search…"><input id="mail" name="email" type="email"><select id="size" name="size"><option>S</option><option>M</option></select><textarea id="note" name="note"></textarea><button id="go">Go</button></form>
<img src="https://img.example/w_400,h_300,c_fill,q_auto,f_auto/v1790000000/shop/offer%20of%20the%20day.jpg" alt=""></main>`;

/** A search box that asks at every letter, a list that loads on, routes behind the hash. */
const { words: w } = window;
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
window.act = async () => {
  const input = document.querySelector("#q");
  input.addEventListener("input", () => {
    const v = input.value;
    fetch(`/suggest?q=${encodeURIComponent(v)}&limit=10&lang=${navigator.language}`).catch(() => {});
    fetch(`https://search.example/complete/search?client=web&ds=shop&gs_ri=psy-ab&q=${new URLSearchParams({ x: v }).toString().slice(2)}&cp=${v.length}&pq=${encodeURIComponent(w.searches[1])}`).catch(() => {});
    fetch("https://search.example/v2/suggest", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query: v, caret: v.length, recent: w.searches.slice(2, 4) }) }).catch(() => {});
  });
  for (const text of w.searches.slice(0, 4)) {
    input.value = "";
    for (const letter of [...text].slice(0, 14)) {
      input.value += letter;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await wait(8);
    }
  }
  let cursor = btoa(JSON.stringify({ after: w.times[0], id: w.ids[0] }));
  for (let i = 0; i < 4; i++) {
    await fetch(`/api/timeline?cursor=${encodeURIComponent(cursor)}&limit=20&filter=${encodeURIComponent("in:(home,news) -from:@me")}`).catch(() => {});
    await fetch(`/i/api/graphql/${w.uuids[i].slice(0, 8)}/HomeTimeline?variables=${encodeURIComponent(JSON.stringify({ count: 20, cursor, includePromotedContent: true, latestControlAvailable: true }))}&features=${encodeURIComponent(JSON.stringify({ rweb_video: true, view_counts: false }))}`).catch(() => {});
    cursor = btoa(JSON.stringify({ after: w.times[i + 1], id: w.ids[i + 1], sort: "new" }));
    location.hash = `#/list/${encodeURIComponent(w.products[i])}?page=${i}&sort=-date`;
    await fetch(`/api/route?path=${encodeURIComponent(location.hash.slice(1))}`).catch(() => {});
    history.pushState({}, "", `/typing?view=table&columns=id,name&row=${w.ids[i]}#${i}`);
    await fetch(`/api/views?filters=${encodeURIComponent(JSON.stringify([["name", "like", `%${w.names[i]}%`], ["date", ">=", w.dates[i]], ["status", "in", ["open", "on hold"]]]))}&order_by=${encodeURIComponent("`tabOrder`.`modified` desc")}`).catch(() => {});
    await fetch(`/web/dataset/call_kw/res.partner/web_search_read`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id: i, jsonrpc: "2.0", method: "call", params: { model: "res.partner", method: "web_search_read", args: [], kwargs: { domain: ["|", ["name", "ilike", w.names[i]], ["email", "ilike", w.emails[i]], ["active", "=", true]], limit: 80, order: "name ASC, id DESC", context: { lang: "de_DE", tz: "Europe/Berlin" } } } }) }).catch(() => {});
    await fetch(`/api/dashboards/query`, { method: "POST", headers: { "content-type": "application/json", "x-grafana-org-id": "1" }, body: JSON.stringify({ from: "now-6h", to: "now", queries: [{ refId: "A", expr: `histogram_quantile(0.95, sum(rate(http_ms_bucket{path=~"/p/.*"}[5m])) by (le))`, intervalMs: 15000, legendFormat: "{{path}}" }] }) }).catch(() => {});
    await fetch(`/api/notebooks/run`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ cell: i, chart: { type: "bar", x: "city", y: "sum(total)", where: { city: w.cities[i] } }, formula: `IF([total] > 10, [total] * 0.9, [total])`, note: w.prose[i] }) }).catch(() => {});
    await fetch(`/api/assist/chat`, { method: "POST", headers: { "content-type": "application/json", accept: "text/event-stream" }, body: JSON.stringify({ model: "small-1", stream: true, temperature: 0.2, messages: [{ role: "system", content: "You are a helpful assistant of a shop. Answer in the user's language." }, { role: "user", content: w.prose[i] }, { role: "assistant", content: `Sure! ${w.prose[i + 1]}` }, { role: "user", content: [{ type: "text", text: `And what's the difference between a LEFT JOIN and a UNION? My teacher asked: "${w.searches[i]}"` }] }], tools: [{ type: "function", function: { name: "find_order", parameters: { type: "object", properties: { id: { type: "string" } } } } }] }) }).catch(() => {});
    await fetch(`/api/passkeys/verify`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id: btoa(w.uuids[i]), type: "public-key", response: { clientDataJSON: btoa(JSON.stringify({ type: "webauthn.get", challenge: w.uuids[i], origin: location.origin })), signature: btoa(w.uuids.join("")) } }) }).catch(() => {});
  }
};

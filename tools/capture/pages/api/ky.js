import ky from "ky";

const { words: w } = window;
const api = ky.create({ prefixUrl: "https://api.example/rest", credentials: "include", retry: 0, headers: { "x-request-id": w.uuids[0], "accept-version": "~2" } });
window.act = async () => {
  for (let i = 0; i < 3; i++) {
    await api.get("autocomplete", { searchParams: { prefix: w.searches[i].slice(0, 3 + i), limit: 8, lang: navigator.language } });
    await api.post("messages", { json: { to: [w.emails[i]], subject: `Re: ${w.products[i]}`, text: w.prose[i], html: `<p>${w.prose[i + 1].replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`, attachments: [] } });
    await api.put(`settings/${w.ids[i]}`, { json: { theme: "dark", "editor.fontFamily": "'Fira Code', monospace", shortcuts: { save: "Ctrl+S", find: "⌘+F" }, url: w.sites[i], regex: "^[a-z]+$" } });
    await fetch(`https://api.example/rest/graph?fields=${encodeURIComponent("id,name,address{street,city}")}&expand=owner($select=name)`, { headers: { Authorization: `Basic ${btoa(`anna:${w.ids[i]}`)}` } });
    await fetch("https://api.example/rest/keepalive", { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify({ event: "leave", page: location.href, seen: w.products.slice(0, i + 1) }) });
    navigator.sendBeacon("https://collect.example/b", new Blob([JSON.stringify({ t: "click", x: 12, y: 40, text: w.products[i] })], { type: "application/json" }));
    await fetch(`https://api.example/media/clip-${w.ids[i]}.mp4`, { headers: { Range: `bytes=${i * 1000}-${i * 1000 + 999}` } });
    await fetch("https://api.example/rest/bulk", { method: "POST", headers: { "Content-Type": "application/x-ndjson" }, body: w.products.slice(0, 3).map((name, k) => JSON.stringify({ index: { _id: w.ids[k] } }) + "\n" + JSON.stringify({ name, price: w.prices[k] })).join("\n") + "\n" });
  }
};

/** What the browser itself sends for the newer parts of the platform. */
const { words: w } = window;
const quiet = (p) => Promise.resolve(p).then(() => {}, () => {});
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
window.act = async () => {
  await quiet(navigator.serviceWorker.register("/sw.js?v=3.1.4").then(() => navigator.serviceWorker.ready));
  await quiet(fetch("/api/me", { credentials: "include" }));
  for (let i = 0; i < 3; i++) {
    navigator.sendBeacon(`https://collect.example/beacon?t=${i}&u=${encodeURIComponent(location.href)}`, new URLSearchParams({ ev: "scroll", text: w.prose[i], depth: "75%" }));
    const form = new FormData();
    form.append("name", w.names[i]);
    form.append("shot", new Blob([new Uint8Array(80).map((_, k) => k * 7)], { type: "image/webp" }), "shot.webp");
    navigator.sendBeacon("https://collect.example/beacon/form", form);
    await quiet(fetch("https://api.example/v1/leave", { method: "POST", keepalive: true, body: JSON.stringify({ page: location.href, note: w.prose[i] }) }));
    await quiet(fetch(`https://api.example/v1/items/${w.ids[i]}`, { method: "PUT", headers: { "content-type": "application/json", "x-client-version": "3.1.4 (web)", "if-match": `"${w.uuids[i]}"` }, body: JSON.stringify({ name: w.products[i] }) }));
    await quiet(fetch(`/media/film.mp4?token=${w.uuids[i]}`, { headers: { range: `bytes=${i * 500}-` } }));
    await quiet(fetch(`/bin/msgpack`, { method: "POST", headers: { "content-type": "application/msgpack" }, body: new Uint8Array([0x83, 0xa2, 0x69, 0x64, 0x07 + i, 0xa4, ...new TextEncoder().encode("name"), 0xa5, ...new TextEncoder().encode("O'Bri"), 0xc0]) }));
    await quiet(fetch(`https://grpc.example/acme.shop.v1.Catalog/Search`, { method: "POST", headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", "x-user-agent": "grpc-web-javascript/0.1" }, body: new Uint8Array([0, 0, 0, 0, 10 + i, 10, 8 + i, ...new TextEncoder().encode(w.searches[i].slice(0, 8))]) }));
    await quiet(fetch("https://api.example/acme.shop.v1.Catalog/List", { method: "POST", headers: { "content-type": "application/json", "connect-protocol-version": "1" }, body: JSON.stringify({ filter: `name:"${w.names[i]}" AND price<20`, pageToken: btoa(`offset=${i * 20}`) }) }));
    await quiet(fetch("/_next/action", { method: "POST", headers: { "next-action": w.uuids[i].replaceAll("-", ""), "next-router-state-tree": encodeURIComponent(JSON.stringify(["", { children: ["shop", { children: ["__PAGE__", {}] }] }, null, null, true])), accept: "text/x-component", "content-type": "text/plain;charset=UTF-8" }, body: JSON.stringify([w.names[i], { note: w.prose[i], at: "$D2026-11-25T14:12:32.000Z", none: "$undefined" }]) }));
    await quiet(fetch(`/shop/${i}?_rsc=1a2b${i}`, { headers: { rsc: "1", "next-router-prefetch": "1", "next-url": "/shop" } }));
    await quiet(fetch(`/__data.json?x-sveltekit-invalidated=01&q=${encodeURIComponent(w.searches[i])}`));
    await quiet(fetch(`/build/q-data.json?route=${encodeURIComponent("/p/[slug]")}&_data=routes%2Fp.%24slug`));
    new Image().src = `https://img.example/unsafe/fit-in/640x480/filters:quality(80):format(webp)/https%3A%2F%2Fcdn.example%2Fa%20b.jpg?s=${w.ids[i]}`;
    new Image().src = `https://img.example/_next/image?url=${encodeURIComponent(`https://cms.example/uploads/${w.products[i]}.jpg?v=1&w=2`)}&w=1080&q=75`;
    new Image().src = `https://tiles.example/vt/pb=!1m5!1m4!1i1${i}!2i855!3i55${i}!4i256!2m3!1e0!2sm!3i6789!3m17!2sde!3sDE!5e18!4e0?token=${w.ids[i]}`;
    new Image().src = `https://tiles.example/staticmap?center=${encodeURIComponent(w.cities[i])}&zoom=13&markers=color:red%7Clabel:S%7C48.1,11.5&style=feature:poi|visibility:off&path=enc:%7BaeFfq%7BuO`;
    new Image().src = `https://tiles.example/wms?SERVICE=WMS&REQUEST=GetMap&LAYERS=osm,relief&BBOX=11.3,48.0,11.7,48.2&CRS=EPSG:4326&FORMAT=image/png&CQL_FILTER=${encodeURIComponent("population > 5000 AND name LIKE 'M%'")}`;
  }
  const events = new EventSource("/events/feed?since=1790000000&topics=a,b%20c");
  const socket = new WebSocket(`wss://live.example/socket?token=${w.jwt}&room=${encodeURIComponent(w.cities[0])}`, ["graphql-transport-ws", "json"]);
  const worker = new Worker("/worker.js?v=2");
  worker.onerror = () => {};
  document.querySelector("#ping").click();
  const odd = document.createElement("script");
  odd.src = "https://unlisted.example/widget.js?id=7&cb=1";
  document.body.append(odd);
  document.body.append(Object.assign(document.createElement("iframe"), { src: `https://frames.example/embed/player?list=a,b&autoplay=0&origin=${encodeURIComponent(location.origin)}`, allow: "fullscreen" }));
  await wait(900);
  events.close(); socket.close(); worker.terminate();
};

import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals/attribution";

const send = (m) => {
  const body = JSON.stringify({ name: m.name, value: m.value, delta: m.delta, id: m.id, rating: m.rating, navigationType: m.navigationType, page: location.href, target: m.attribution?.element ?? m.attribution?.target ?? m.attribution?.largestShiftTarget });
  if (!navigator.sendBeacon("https://collect.example/vitals", body)) fetch("https://collect.example/vitals", { body, method: "POST", keepalive: true });
};
for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(send, { reportAllChanges: true });
window.act = () => {
  const n = performance.getEntriesByType("navigation")[0];
  fetch("https://collect.example/vitals/batch", { method: "POST", keepalive: true, headers: { "content-type": "text/plain;charset=UTF-8" }, body: JSON.stringify([n?.toJSON(), ...performance.getEntriesByType("resource").map((e) => e.toJSON())]) });
};

import axios from "axios";
import qs from "qs";

const { words: w } = window;
const api = axios.create({ baseURL: "https://api.example/v1", withCredentials: true, xsrfCookieName: "XSRF-TOKEN", xsrfHeaderName: "X-XSRF-TOKEN", headers: { Authorization: `Bearer ${w.jwt}` } });
const deep = axios.create({ baseURL: "https://api.example/v2", paramsSerializer: (p) => qs.stringify(p, { arrayFormat: "indices" }) });
window.act = async () => {
  for (let i = 0; i < 3; i++) {
    await api.get("/products", { params: { q: w.searches[i], tags: ["a b", "c&d"], range: { min: 5, max: w.prices[i] }, since: new Date(w.times[i]), sort: "-price,name" } });
    await deep.get("/products", { params: { filter: { name: { like: w.searches[i] }, price: { gte: 10, lt: w.prices[i] }, brand: ["O'Neill", "A/B"] }, page: { number: i + 1, size: 25 }, include: "images,reviews" } });
    await api.post("/orders", { customer: { name: w.names[i], email: w.emails[i], address: { street: w.streets[i], city: w.cities[i] } }, items: w.products.slice(i, i + 2).map((name, k) => ({ name, sku: w.skus[k], qty: k + 1, price: w.prices[k] })), note: w.prose[i], gift: i === 1, coupon: null });
    await api.patch(`/users/${w.uuids[i]}`, [{ op: "replace", path: "/profile/display~1name", value: w.names[i] }, { op: "remove", path: "/tags/0" }], { headers: { "Content-Type": "application/json-patch+json", "If-Match": `"${w.ids[i]}"` } });
    await api.put(`/files/${encodeURIComponent(`${w.products[i]}.txt`)}`, w.prose[i], { headers: { "Content-Type": "text/plain" } });
    await api.delete(`/carts/${w.ids[i]}/items/${encodeURIComponent(w.skus[i])}`, { data: { reason: w.prose[i + 3] } });
    await api.post("/login", new URLSearchParams({ username: w.emails[i], password: w.passwords[i], grant_type: "password", scope: "openid profile" }));
    await api.postForm("/profile", { name: w.names[i], "address[city]": w.cities[i], photo: new File([w.prose[i]], `${w.products[i]}.txt`, { type: "text/plain" }) });
  }
};

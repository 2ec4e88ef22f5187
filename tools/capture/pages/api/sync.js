import PouchDB from "pouchdb-browser";
import { createTRPCProxyClient, httpBatchLink, httpLink } from "@trpc/client";

const { words: w } = window;
const quiet = (p) => Promise.resolve(p).then(() => {}, () => {});
window.act = async () => {
  const local = new PouchDB("notes", { auto_compaction: true });
  for (let i = 0; i < 3; i++) await quiet(local.put({ _id: `note:${w.ids[i]}`, title: w.products[i], text: w.prose[i], tags: ["a b", "c/d"], at: w.times[i] }));
  const remote = new PouchDB("https://couch.example/couch/notes", { auth: { username: "anna", password: w.passwords[0] } });
  await Promise.race([quiet(local.sync(remote, { batch_size: 2 })), new Promise((r) => setTimeout(r, 1500))]);
  await quiet(remote.allDocs({ include_docs: true, startkey: "note:", endkey: "note:\ufff0" }));
  await quiet(remote.query("by/tag", { key: ["a b", 2026], reduce: false, limit: 5 }));
  const batch = createTRPCProxyClient({ links: [httpBatchLink({ url: "https://api.example/trpc" })] });
  const single = createTRPCProxyClient({ links: [httpLink({ url: "https://api.example/trpc", headers: { "x-trpc-source": "react" } })] });
  for (let i = 0; i < 3; i++) {
    await Promise.all([quiet(batch.post.list.query({ q: w.searches[i], cursor: null, limit: 10 })), quiet(batch.user.byId.query(w.uuids[i])), quiet(batch.viewer.me.query())]);
    await quiet(batch.post.create.mutate({ title: w.products[i], body: w.prose[i] }));
    await quiet(single.post.search.query({ text: w.searches[i + 1], tags: ["x&y"], since: w.dates[i] }));
    await quiet(single.post.update.mutate({ id: w.ids[i], title: w.names[i] }));
  }
};

import { algoliasearch } from "algoliasearch";
import buildQuery from "odata-query";
import { createClient } from "contentful";
import { Meilisearch } from "meilisearch";
import { PostgrestClient } from "@supabase/postgrest-js";
import Typesense from "typesense";

const { words: w } = window;
const quiet = (p) => Promise.resolve(p).then(() => {}, () => {});
window.act = async () => {
  const algolia = algoliasearch("B1G2GM9NG0", "3be8d5b7a1c04e6f", { hosts: [{ url: "search.example", accept: "readWrite", protocol: "https" }] });
  const meili = new Meilisearch({ host: "https://meili.example", apiKey: w.uuids[0] });
  const typesense = new Typesense.Client({ nodes: [{ host: "ts.example", port: 443, protocol: "https" }], apiKey: "xyz123", connectionTimeoutSeconds: 2, numRetries: 0 });
  const cms = createClient({ space: "sp1", accessToken: w.uuids[1], host: "cms.example", retryOnError: false });
  const rest = new PostgrestClient("https://db.example/rest/v1", { headers: { apikey: w.jwt, Authorization: `Bearer ${w.jwt}` } });
  for (let i = 0; i < 3; i++) {
    await quiet(algolia.search({ requests: [{ indexName: "products", query: w.searches[i], facetFilters: [["brand:O'Neill", "brand:A/B"], "in_stock:true"], numericFilters: [`price<=${w.prices[i]}`], hitsPerPage: 20, highlightPreTag: "__ais-highlight__", highlightPostTag: "__/ais-highlight__" }, { indexName: "articles", query: w.searches[i], filters: "lang:de AND NOT hidden:true" }] }));
    await quiet(algolia.saveObject({ indexName: "products", body: { objectID: w.skus[i], name: w.products[i], price: w.prices[i] } }));
    await quiet(meili.index("books").search(w.searches[i], { filter: [`author = "${w.names[i]}"`, "year > 1990 AND genre IN [Drama, 'Sci-Fi']"], sort: ["year:desc"], facets: ["*"], attributesToHighlight: ["title"] }));
    await quiet(meili.multiSearch({ queries: [{ indexUid: "books", q: w.searches[i] }, { indexUid: "films", q: w.searches[i + 1], limit: 5 }] }));
    await quiet(typesense.collections("shops").documents().search({ q: w.searches[i], query_by: "name,city", filter_by: `rating:>${i} && tags:=[cafe,\`bar & grill\`]`, sort_by: "_text_match:desc,rating:desc", facet_by: "city" }));
    await quiet(typesense.multiSearch.perform({ searches: [{ collection: "shops", q: w.searches[i], filter_by: "open:=true" }] }, { query_by: "name" }));
    await quiet(cms.getEntries({ content_type: "post", "fields.title[match]": w.searches[i], "sys.updatedAt[gte]": w.times[i], "fields.tags[in]": "a b,c", order: "-sys.createdAt", include: 2 }));
    await quiet(rest.from("orders").select("id, total, customer:customers!inner(name, email), lines(*)").or(`status.eq.open,and(total.gte.${i + 10},note.ilike.*${w.searches[i].slice(0, 5)}*)`).in("city", [w.cities[i], "Bonn"]).order("created_at", { ascending: false }).range(0, 24));
    await quiet(rest.from("orders").insert([{ customer: w.names[i], note: w.prose[i], total: w.prices[i] }]).select());
    await quiet(rest.from("orders").update({ status: "sent", note: w.prose[i + 1] }).eq("id", w.ids[i]).not("deleted_at", "is", null));
    await quiet(rest.from("tags").upsert({ name: w.products[i] }, { onConflict: "name" }));
    await quiet(rest.rpc("nearby", { lat: 48.1 + i, lon: 11.5, text: w.searches[i] }));
    await quiet(fetch("https://odata.example/v4/Products" + buildQuery({ filter: { Name: { contains: w.products[i] }, Price: { gt: 5, le: w.prices[i] }, or: [{ City: w.cities[i] }, { Tags: { any: { Name: "a'b" } } }] }, orderBy: ["Name desc"], top: 20, skip: i * 20, expand: { Category: { select: ["Name"] } }, count: true, search: w.searches[i] })));
    await quiet(fetch("https://odata.example/v4/$batch", { method: "POST", headers: { "Content-Type": "multipart/mixed; boundary=batch_36522ad7" }, body: `--batch_36522ad7\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET Products(${w.ids[i]})?$select=Name HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n--batch_36522ad7--\r\n` }));
    await quiet(fetch("https://es.example/products/_search?typed_keys=true", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query: { bool: { must: [{ multi_match: { query: w.searches[i], fields: ["name^3", "description"], fuzziness: "AUTO" } }], filter: [{ range: { price: { gte: 10, lte: w.prices[i] } } }, { terms: { brand: ["A/B", "O'Neill"] } }] } }, aggs: { brands: { terms: { field: "brand.keyword", size: 10 } } }, sort: [{ _score: "desc" }], from: 0, size: 24 }) }));
    await quiet(fetch("https://es.example/_msearch", { method: "POST", headers: { "Content-Type": "application/x-ndjson" }, body: `{"index":"products","preference":"pf_1"}\n${JSON.stringify({ query: { query_string: { query: `name:"${w.searches[i].replaceAll('"', "")}" AND price:[10 TO 50]` } } })}\n` }));
  }
};

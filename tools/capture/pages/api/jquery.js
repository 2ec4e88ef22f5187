import $ from "jquery";

const { words: w } = window;
const done = (x) => x.then(() => {}, () => {});
window.act = async () => {
  for (let i = 0; i < 3; i++) {
    await done($.ajax({ url: "/ajax/list", data: { ids: [w.ids[i], 2, 3], q: w.searches[i] }, traditional: true, cache: false }));
    await done($.ajax({ url: "/ajax/list", data: { filter: { brand: ["O'Neill", "A&B"], price: { min: 1, max: w.prices[i] } }, order: [{ column: 1, dir: "asc" }] } }));
    await done($.post("/ajax/save", { action: "save_item", item: { name: w.products[i], notes: w.prose[i], tags: ["x y", "z"] }, _token: w.uuids[i] }));
    await done($.ajax({ url: "/api/items", method: "POST", contentType: "application/json; charset=utf-8", data: JSON.stringify({ name: w.names[i], text: w.prose[i] }), headers: { "X-CSRF-Token": w.uuids[0] } }));
    await done($.getJSON("https://api.example/jsonp?callback=?", { q: w.searches[i] }).catch?.(() => {}) ?? $.Deferred().resolve());
    $("#q").val(w.searches[i]);
    await done($.post("/ajax/form", $("#search").serialize()));
    const columns = ["id", "name", "date"].map((data, k) => ({ data, name: "", searchable: true, orderable: k > 0, search: { value: k === 1 ? w.searches[i] : "", regex: false } }));
    await done($.get("/datatables/server", { draw: i + 1, columns, order: [{ column: 0, dir: "desc" }], start: i * 25, length: 25, search: { value: w.names[i], regex: false }, _: Date.now() }));
    await done($.get("/select2/users", { term: w.names[i].slice(0, 4), _type: "query", q: w.names[i].slice(0, 4), page: i }));
    await done($.post("/wp-admin/admin-ajax.php", { action: "heartbeat", _nonce: "f0a1b2c3d4", interval: 60, screen_id: "post", has_focus: true, data: { "wp-refresh-post-lock": { post_id: w.ids[i], lock: `17900${i}:1` } } }));
    await done($.post("/wp-admin/admin-ajax.php", { action: "wp_link_ajax", search: w.searches[i], page: 1, _ajax_linking_nonce: "9f8e7d6c5b" }));
    await done($.post("/?wc-ajax=add_to_cart", { product_sku: w.skus[i], product_id: w.ids[i], quantity: 1 }));
    await done($.post("/?wc-ajax=update_order_review", { security: "a1b2c3d4e5", payment_method: "stripe", country: "DE", postcode: "80331", city: w.cities[i], address: w.streets[i], has_full_address: true, post_data: $.param({ billing_first_name: w.names[i], billing_email: w.emails[i], order_comments: w.prose[i], "shipping_method[0]": "flat_rate:1" }) }));
    await done($.post("/jqgrid/edit", { oper: "edit", id: w.ids[i], name: w.products[i], note: w.prose[i + 2] }));
    await done($.get("/jqgrid/rows", { _search: true, nd: Date.now(), rows: 20, page: 1, sidx: "name", sord: "asc", filters: JSON.stringify({ groupOp: "AND", rules: [{ field: "name", op: "cn", data: w.searches[i] }, { field: "price", op: "le", data: "50" }] }) }));
  }
};

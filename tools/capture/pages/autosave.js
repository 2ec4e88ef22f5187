/**
 * Saves what an editor holds in the ways that sites do: JSON, form fields, multipart, a WordPress block, a GraphQL mutation.
 * @param {string} name @param {() => Record<string, unknown>} read
 */
export function autosave(name, read) {
  const { words: w } = window;
  let n = 0;
  window.save = async () => {
    const held = read();
    const [i, html] = [n++, String(held.html ?? held.data ?? held.content ?? held.markdown)];
    await fetch(`https://cms.example/api/${name}/drafts/${w.ids[0]}`, { method: i ? "PATCH" : "PUT", headers: { "content-type": "application/json", "x-csrf-token": w.uuids[0] }, body: JSON.stringify({ rev: i, title: w.products[i], ...held, author: { name: w.names[0] } }) });
    await fetch(`/${name}/autosave`, { method: "POST", body: new URLSearchParams({ "post[title]": w.products[i], "post[body]": html, "post[tags]": "a, b & c", authenticity_token: `${w.uuids[1]}==`, commit: "Save draft" }) });
    const form = new FormData();
    form.append("csrfmiddlewaretoken", w.uuids[2].replaceAll("-", ""));
    form.append("subject", w.names[i]);
    form.append("content", html);
    form.append("attachment", new File([`<!doctype html><p>${html.length} characters</p>`], "preview.html", { type: "text/html" }));
    await fetch(`/${name}/save/`, { method: "POST", body: form });
    if (i === 0) {
      await fetch(`/wp-json/wp/v2/posts/${w.ids[1]}/autosaves?_locale=user`, { method: "POST", headers: { "content-type": "application/json", "x-wp-nonce": "0a1b2c3d4e", "x-http-method-override": "PUT" }, body: JSON.stringify({ id: w.ids[1], title: w.products[0], content: `<!-- wp:paragraph {"align":"left"} -->\n${html}\n<!-- /wp:paragraph -->`, excerpt: "", status: "draft" }) });
      await fetch("https://cms.example/graphql", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ operationName: "SavePost", query: "mutation SavePost($id: ID!, $html: String!) { savePost(id: $id, html: $html) { id updatedAt } }", variables: { id: w.uuids[3], html } }) });
      navigator.sendBeacon(`/${name}/leave`, html);
    }
  };
}

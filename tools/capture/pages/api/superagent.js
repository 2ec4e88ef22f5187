import superagent from "superagent";

const { words: w } = window;
window.act = async () => {
  for (let i = 0; i < 3; i++) {
    await superagent.get("https://api.example/search").query({ q: w.searches[i], "in[]": ["title", "body"] }).query(`from=${w.dates[i]}&to=${w.dates[i + 1]}`).set("X-API-Key", w.uuids[i]).accept("json");
    await superagent.post("https://api.example/comments").send({ author: w.names[i], body: w.prose[i], rating: i + 3 }).withCredentials();
    await superagent.post("https://api.example/subscribe").type("form").send({ email: w.emails[i], topics: ["news & offers", "events"], consent: "yes" });
    await superagent.post("https://api.example/attach").field("title", w.products[i]).field("tags[]", ["a", "b c"]).attach("file", new Blob([w.prose[i]], { type: "text/markdown" }), "notes.md");
  }
};

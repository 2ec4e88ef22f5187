import Bugsnag from "@bugsnag/js";

const { words } = window;
Bugsnag.start({ apiKey: "0123456789abcdef0123456789abcdef", endpoints: { notify: "https://collect.example/bugsnag/notify", sessions: "https://collect.example/bugsnag/sessions" }, appVersion: "3.1.4", user: { id: String(words.ids[0]), email: words.emails[0], name: words.names[0] } });
Bugsnag.leaveBreadcrumb("search", { q: words.searches[0] });
window.act = () => Bugsnag.notify(new Error(`could not save "${words.products[0]}": status 409`), (event) => event.addMetadata("cart", { items: words.products.slice(0, 2), note: words.prose[0] }));

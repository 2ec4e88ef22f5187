import "htmx.org";
import "@hotwired/turbo";

const { words: w } = window;
window.act = async () => {
  for (let i = 0; i < 3; i++) {
    document.querySelector("#hx-q").value = w.searches[i];
    document.querySelector("#hx-note").value = w.prose[i];
    document.querySelector("#hx-send").click();
    await new Promise((r) => setTimeout(r, 120));
    document.querySelector("#turbo-name").value = w.names[i];
    document.querySelector("#turbo-form").requestSubmit();
    await new Promise((r) => setTimeout(r, 150));
  }
};

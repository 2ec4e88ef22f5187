import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { autosave } from "../autosave.js";

const editor = new Editor({ element: document.querySelector("#editor"), extensions: [StarterKit], content: "<h2>Draft</h2><p></p>", autofocus: "end" });
autosave("tiptap", () => ({ doc: editor.getJSON(), html: editor.getHTML() }));
window.style = (i) => editor.chain().focus().toggleBulletList().insertContent(`<p><strong>${["Note", "Hinweis", "メモ"][i % 3]}</strong>: see <a href="https://example.com/?a=1&amp;b=2">the list</a></p><blockquote><p>${"so it goes"}</p></blockquote><pre><code>npm install</code></pre>`).run();

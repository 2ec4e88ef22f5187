import Quill from "quill";
import "quill/dist/quill.snow.css";
import { autosave } from "../autosave.js";

const quill = new Quill("#editor", { theme: "snow", modules: { toolbar: [["bold", "italic", "link"], [{ list: "bullet" }], ["code-block", "image"]] } });
autosave("quill", () => ({ delta: quill.getContents(), html: quill.root.innerHTML, text: quill.getText() }));
window.style = (i) => {
  quill.formatText(0, 8, "bold", true);
  quill.formatText(10, 6, i % 2 ? "italic" : "code", true);
  quill.formatText(18, 7, "link", window.words.sites[0]);
  quill.insertText(quill.getLength(), "const total = items.map((i) => i.price * 1.19);\n", "code-block", true);
};

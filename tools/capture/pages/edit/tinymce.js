import tinymce from "tinymce/tinymce";
import "tinymce/models/dom";
import "tinymce/themes/silver";
import "tinymce/icons/default";
import "tinymce/plugins/lists";
import "tinymce/plugins/link";
import { autosave } from "../autosave.js";

tinymce.init({ selector: "#editor-area", license_key: "gpl", skin: false, content_css: false, plugins: "lists link", promotion: false }).then(([editor]) => {
  autosave("tinymce", () => ({ content: editor.getContent(), title: document.title }));
  window.style = (i) => editor.insertContent(`<p style="text-align: center; color: ${window.words.colours[0]};">${window.words.prose[i].replaceAll("&", "&amp;").replaceAll("<", "&lt;")} <img src="/media/${i}.jpg" alt="a &quot;b&quot;" width="300" /></p><ul><li>one</li><li>two</li></ul>`);
});

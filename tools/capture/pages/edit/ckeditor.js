import { Autosave, BlockQuote, Bold, ClassicEditor, Essentials, Heading, Italic, Link, List, Paragraph, Table } from "ckeditor5";
import { autosave } from "../autosave.js";

ClassicEditor.create(document.querySelector("#editor"), { licenseKey: "GPL", plugins: [Essentials, Paragraph, Bold, Italic, Heading, Link, List, Table, BlockQuote, Autosave], toolbar: ["bold", "italic", "link"] }).then((editor) => {
  autosave("ckeditor", () => ({ data: editor.getData(), version: editor.model.document.version }));
  window.style = (i) => editor.setData(`${editor.getData()}<figure class="table"><table><tbody><tr><td>1 &lt; 2</td><td>&nbsp;</td></tr></tbody></table></figure><p><i>${i}</i> &amp; <strong>done</strong></p>`);
});

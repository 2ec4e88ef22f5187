import EasyMDE from "easymde";
import "easymde/dist/easymde.min.css";
import { autosave } from "../autosave.js";

const editor = new EasyMDE({ element: document.querySelector("#editor-area"), spellChecker: false, autoDownloadFontAwesome: false });
autosave("easymde", () => ({ markdown: editor.value(), html: editor.markdown(editor.value()) }));
window.style = (i) => editor.value(`# ${window.words.products[i]}\n\n${window.words.prose[i]}\n\n- [ ] todo **now**\n- [x] ~~done~~ \`code\`\n\n\`\`\`js\nconst x = a < b && c > d;\n\`\`\`\n\n![alt "t"](/media/a%20b.png) | <kbd>Ctrl</kbd>\n\n> quote & more\n`);

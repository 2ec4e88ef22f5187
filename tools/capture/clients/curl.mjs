import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** curl as people and scripts call it. @type {import("./all.mjs").Program} */
export const curl = {
  client: "curl", needs: "curl",
  steps: ({ port, calls, folder }) => calls.map((c, i) => {
    const out = ["curl", "-sS", "-o", "/dev/null", "--max-time", "5", "--connect-to", `::127.0.0.1:${port}`];
    if (c.method === "HEAD") out.push("-I");
    else if (c.method !== "GET") out.push("-X", c.method);
    for (const [k, v] of c.headers ?? []) out.push("-H", `${k}: ${v}`);
    if (c.auth) out.push("-u", c.auth.join(":"));
    if (i % 3 === 0) out.push("--compressed");
    if (c.query) {
      out.push("-G");
      for (const [k, v] of c.query) out.push("--data-urlencode", `${k}=${v}`);
      if (c.text) return [...out.filter((a) => a !== "-G" && a !== "--data-urlencode" && !c.query?.some(([k, v]) => a === `${k}=${v}`)), "-H", `Content-Type: ${c.type}`, "--data-binary", c.text, `http://${c.host}${c.path}?${new URLSearchParams(c.query)}`];
    }
    for (const [k, v] of c.form ?? []) out.push("--data-urlencode", `${k}=${v}`);
    if (c.json !== undefined) out.push(...(i % 2 ? ["--json", JSON.stringify(c.json)] : ["-H", "Content-Type: application/json", "-d", JSON.stringify(c.json, null, 2)]));
    if (c.text) out.push("-H", `Content-Type: ${c.type}`, "--data-binary", c.text);
    for (const [k, p] of (c.parts ?? []).entries()) {
      if (p.value !== undefined) out.push("--form-string", `${p.name}=${p.value}`);
      else {
        const file = join(folder, `part-${i}-${k}`);
        writeFileSync(file, Buffer.from(p.data ?? "", "base64"));
        out.push("-F", `${p.name}=@${file};filename="${p.filename}";type=${p.type}`);
      }
    }
    return [...out, `http://${c.host}${c.path}`];
  }),
};

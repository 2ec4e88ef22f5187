import { target } from "../src/call.mjs";

/** wget: downloads, and posts of what it can send. @type {import("./all.mjs").Program} */
export const wget = {
  client: "wget", needs: "wget", mayFail: true,
  steps: ({ base, calls }) => calls.filter((c) => !c.parts).map((c) => {
    const out = ["wget", "-q", "-O", "/dev/null", "--tries=1", "--timeout=5"];
    for (const [k, v] of c.headers ?? []) out.push(`--header=${k}: ${v}`);
    if (c.auth) out.push(`--user=${c.auth[0]}`, `--password=${c.auth[1]}`, "--auth-no-challenge");
    const body = c.form ? new URLSearchParams(c.form).toString() : c.json !== undefined ? JSON.stringify(c.json) : c.text;
    if (c.json !== undefined) out.push("--header=Content-Type: application/json");
    if (c.text) out.push(`--header=Content-Type: ${c.type}`);
    if (c.method === "HEAD") out.push("--spider");
    else if (c.method === "POST") out.push(`--post-data=${body ?? ""}`);
    else if (c.method !== "GET") out.push(`--method=${c.method}`, ...(body ? [`--body-data=${body}`] : []));
    return [...out, base + target(c)];
  }),
};

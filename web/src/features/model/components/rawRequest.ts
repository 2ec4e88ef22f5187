// Reads what somebody pastes: an address, a request line, or a whole HTTP/1 request.

import type { CheckRequest } from "@/lib/wire";

/** A request to have judged, or what is wrong with the text. */
export type Read = { request: CheckRequest } | { problem: string };

/** The server takes bodies of one MiB in all. */
const MOST_CHARACTERS = 500_000;

/** Reads an address (`https://shop/x?y`), a path (`/x?y`), a request line, or a request with headers and body. */
export function readRequest(text: string): Read {
  const raw = text.replace(/^\s+/, "");
  if (raw === "") return { problem: "Paste an address, a path, or a whole request." };
  if (raw.length > MOST_CHARACTERS) return { problem: "This is longer than 500,000 characters; paste the part that matters." };
  const [first = "", ...rest] = raw.split(/\r?\n/);
  const line = /^([A-Za-z]{1,32})\s+(\S.*?)(?:\s+HTTP\/\d(?:\.\d)?)?\s*$/.exec(first);
  if (line === null || /^https?:/i.test(first)) return readAddress(first.trim(), "GET", rest.join("\n").trim() === "");

  const [, method = "GET", target = "/"] = line;
  const end = rest.findIndex((each) => each.trim() === "");
  const head = end < 0 ? rest : rest.slice(0, end);
  const body = end < 0 ? "" : rest.slice(end + 1).join("\n");
  const headers: Record<string, string | string[]> = {};
  for (const each of head) {
    const colon = each.indexOf(":");
    if (colon < 1) return { problem: `This line is no header: ${each.slice(0, 80)}` };
    const name = each.slice(0, colon).trim().toLowerCase();
    const value = each.slice(colon + 1).trim();
    const held = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = held === undefined ? value : [...(Array.isArray(held) ? held : [held]), value];
  }
  const read = readAddress(target, method.toUpperCase(), true);
  if ("problem" in read) return read;
  return { request: { ...read.request, headers, ...(body === "" ? {} : { body }) } };
}

function readAddress(address: string, method: string, isAlone: boolean): Read {
  if (!isAlone) return { problem: "The first line must be a request line, such as GET /path HTTP/1.1." };
  if (address.startsWith("/")) return { request: { method, path: address } };
  // By hand: an URL of this language is tidied up, and what an attacker wrote has to be judged as written.
  const match = /^https?:\/\/([^/?#\s]+)([^#]*)/i.exec(address);
  if (match === null) return { problem: "An address begins with http:// or https://, a path with /." };
  const [, host = "", target = ""] = match;
  return { request: { method, path: target.startsWith("/") ? target : `/${target}`, host } };
}

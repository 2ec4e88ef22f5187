import { execFileSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { curlCommand, type CurlRequest, shellQuoted } from "./curl";

const REQUEST: CurlRequest = { method: "GET", host: "shop.example.com", target: "/a?b=1", headers: null, userAgent: "curl/8.5.0", body: null };

/** What a real shell makes of a command's arguments, NUL between them. */
function argumentsOf(command: string): string[] {
  const output = execFileSync("bash", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], { encoding: "utf8" });
  return output.split("\0").slice(0, -1);
}

/** The value that follows an option. */
function valueOf(option: string, values: readonly string[]): string | undefined {
  const at = values.indexOf(option);
  return at < 0 ? undefined : values[at + 1];
}

/** Texts of what shells, curl and terminals read as more than text; the same on every run. */
function nastyTexts(count: number): string[] {
  const pieces = ["'", '"', "\\", "$(touch /tmp/x)", "`id`", "$HOME", "\n", "\r\n", "!", "#", ";", "|", "&", ">", "<", "*", "?", "[1-3]", "{a,b}", "~", " ", "\t", "--output", "-o", "@/etc/passwd", "%00", "é", "😀", "\u001b[201~", "\u0003", "\u0085", "\u007f", "''", "'\\''", "a"];
  let state = 42;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % limit;
  };
  return Array.from({ length: count }, () => Array.from({ length: 1 + next(9) }, () => pieces[next(pieces.length)] ?? "").join(""));
}

describe("shellQuoted", () => {
  it("gives back every text through a real shell, byte for byte", () => {
    const texts = [...nastyTexts(300), "", "'", "''''", "\\'", "-"];
    expect(argumentsOf(`curl ${texts.map(shellQuoted).join(" ")}`)).toEqual(texts);
  });

  it("hands no control character to the terminal", () => {
    for (const text of nastyTexts(300)) expect(shellQuoted(text)).not.toMatch(/\p{Cc}/u);
    expect(shellQuoted("a\u0003b'\\\n7")).toBe("$'a\\003b\\'\\\\\\0127'");
  });

  it("leaves out the one byte that no argument can hold", () => {
    expect(shellQuoted("a\0b")).toBe("'ab'");
  });
});

describe("curlCommand", () => {
  it("sends the request as it came", () => {
    const values = argumentsOf(curlCommand({ ...REQUEST, method: "POST", headers: [{ name: "accept", value: "*/*" }, { name: "Host", value: "other" }], body: "a=1" }));
    expect(valueOf("--request", values)).toBe("POST");
    expect(valueOf("--url", values)).toBe("http://shop.example.com");
    expect(valueOf("--request-target", values)).toBe("/a?b=1");
    expect(valueOf("--data-raw", values)).toBe("a=1");
    expect(values.filter((value) => value.startsWith("accept"))).toEqual(["accept: */*"]);
    expect(values.join("\n")).not.toContain("other");
  });

  it("keeps a hostile request within its arguments", () => {
    for (const text of nastyTexts(60)) {
      const values = argumentsOf(curlCommand({ ...REQUEST, method: text, host: text, target: text, userAgent: text, headers: [{ name: "x-a", value: text }], body: text }));
      expect(values).toHaveLength(14);
      expect([0, 1, 2, 4, 6, 8, 10, 12].map((at) => values[at])).toEqual(["--globoff", "--path-as-is", "--request", "--url", "--request-target", "--user-agent", "--header", "--data-raw"]);
      expect(values[3]).toBe(text);
      expect(values[5]).toMatch(/^http:\/\/[\w.:[\]-]+$/);
      expect(values[7]).not.toMatch(/[\r\n]/);
      expect(values[11]).not.toMatch(/[\r\n]/);
      expect(values[13]).toBe(text);
    }
  });

  it("says what the log does not hold", () => {
    const command = curlCommand({ ...REQUEST, host: null });
    expect(command).toContain("# The log does not name the host");
    expect(command).toContain("# The log does not hold a body");
    expect(curlCommand({ ...REQUEST, headers: [], body: "x", isCut: true })).toContain("# Only the beginning of the body was kept.");
  });

  it("writes an empty header so that curl sends it", () => {
    expect(argumentsOf(curlCommand({ ...REQUEST, headers: [{ name: "x-empty", value: "" }] }))).toContain("x-empty;");
  });

  it("takes a host that could be an option or lead elsewhere for none", () => {
    for (const host of ["-o/tmp/x", "a b", "a/b", "user@host", "", "a\nb", "http://x"]) {
      expect(valueOf("--url", argumentsOf(curlCommand({ ...REQUEST, host })))).toBe("http://host-not-in-the-log.invalid");
    }
    expect(valueOf("--url", argumentsOf(curlCommand({ ...REQUEST, host: "[2001:db8::1]:8080" })))).toBe("http://[2001:db8::1]:8080");
  });
});

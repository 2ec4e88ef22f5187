import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Programs with a protocol of their own, pointed at the recorder. What they get is not enough for them, so they fail. @type {import("./all.mjs").Program[]} */
export const tools = [
  { client: "npm", needs: "npm", scene: "packages", host: "registry.example", mayFail: true, steps: ({ base, folder }) => {
    const common = [`--registry=${base}/npm/`, `--cache=${join(folder, "npm-cache")}`, "--fetch-retries=0", "--no-update-notifier", `--userconfig=${join(folder, "npmrc")}`];
    return [["view", "left-pad"], ["view", "@scope/some-thing@^1.0.0-beta.2", "dist.tarball"], ["search", "date picker"], ["ping"], ["whoami"], ["dist-tag", "ls", "@types/node"]].map((a) => ["npm", ...a, ...common]);
  } },
  { client: "pip", needs: "pip", scene: "packages", host: "pypi.example", mayFail: true, env: () => ({ PIP_CONFIG_FILE: "/dev/null" }), steps: ({ base, folder }) => ["requests", "Flask[async]>=3", "zope.interface"].map((name) => ["pip", "download", "--no-deps", "--disable-pip-version-check", "--no-cache-dir", "--retries=0", "-q", "-i", `${base}/pypi/simple/`, "-d", folder, name]) },
  { client: "cargo", needs: "cargo", scene: "packages", host: "index.example", mayFail: true, env: (_base, folder) => ({ CARGO_HOME: join(folder, "cargo-home") }), steps: ({ base, folder }) => {
    const project = join(folder, "crate");
    mkdirSync(join(project, "src"), { recursive: true });
    mkdirSync(join(folder, "cargo-home"), { recursive: true });
    writeFileSync(join(project, "src/lib.rs"), "");
    writeFileSync(join(project, "Cargo.toml"), '[package]\nname = "a"\nversion = "0.1.0"\n[workspace]\n[dependencies]\nserde_json = "1"\nrand = "0.9"\nxy = "1"\n');
    writeFileSync(join(folder, "cargo-home/config.toml"), `[source.crates-io]\nreplace-with = "local"\n[source.local]\nregistry = "sparse+${base}/crates/"\n[registries.local]\nindex = "sparse+${base}/crates/"\n[net]\nretry = 0\n`);
    return [["cargo", "generate-lockfile", "--manifest-path", join(project, "Cargo.toml")], ["cargo", "search", "http client", "--registry", "local"]];
  } },
  { client: "git", needs: "git", scene: "git", host: "git.example", mayFail: true, env: () => ({ GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" }), steps: ({ base, folder }) => [["git", "ls-remote", `${base}/git/acme/shop.git`], ["git", "clone", "-q", "--depth=1", `${base}/git/o-neil/my%20notes.git`, join(folder, "clone")], ["git", "-c", "protocol.version=0", "ls-remote", "--heads", `${base}/git/acme/old.git`, "feature/*"]] },
];

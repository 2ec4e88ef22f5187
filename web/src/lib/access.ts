// What the login page and the settings keep in their addresses.

/** Where to go after the login. */
export interface LoginSearch {
  from?: string | undefined;
}

export const TABS = ["account", "appearance", "notifications", "retention", "users", "tokens", "audit"] as const;
export type Tab = (typeof TABS)[number];

export const DEEDS = ["login", "logout", "create", "update", "delete", "config_change"] as const;
export const KINDS = ["user", "token", "config", "alert"] as const;

/** The part of the settings that is open, and the filters of the audit log. */
export interface SettingsSearch {
  tab?: Tab | undefined;
  deed?: (typeof DEEDS)[number] | undefined;
  kind?: (typeof KINDS)[number] | undefined;
  cursor?: string | undefined;
}

/** Reads the way back; only a path of this very dashboard is one. */
export function readLogin(raw: Record<string, unknown>): LoginSearch {
  const { from } = raw;
  return typeof from === "string" && isOwnPath(from) ? { from } : {};
}

/** Keeps what the settings know of an address. */
export function readSettings(raw: Record<string, unknown>): SettingsSearch {
  return {
    tab: known(TABS, raw.tab),
    deed: known(DEEDS, raw.deed),
    kind: known(KINDS, raw.kind),
    cursor: typeof raw.cursor === "string" && raw.cursor !== "" ? raw.cursor : undefined,
  };
}

/** `//host` and `/\host` lead elsewhere, and the login page to itself. */
function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])/.test(path) && !path.startsWith("/login");
}

function known<Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return names.find((name) => name === value);
}

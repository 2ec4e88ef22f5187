// What the command palette offers, and which of it matches what was typed.

import { PLACES } from "@/app/navigation";
import { DENSITIES, type Density } from "@/lib/density";
import { pages } from "@/lib/paths";
import { PRESETS, rangeText } from "@/lib/range";
import { type FilterKey, type Search, withFilter, withoutFilters, withRange } from "@/lib/search";
import { THEMES, type Theme } from "@/lib/theme";
import { ACTIONS, actionText, CLASS_NAMES, className, SEVERITIES } from "@/lib/vocabulary";
import { savedViews, type View } from "@/lib/views";
import type { IconName } from "@/ui/Icon";

/** Where a command leads, or what it does. */
export type Deed = { kind: "go"; to: string; search: Search } | { kind: "theme"; theme: Theme } | { kind: "density"; density: Density } | { kind: "view"; view: View } | { kind: "help" };

export interface Command {
  id: string;
  /** The group that it stands under. */
  group: "Search" | "Pages" | "Filters" | "Views" | "Time range" | "Colours" | "Rows" | "Help";
  text: string;
  icon: IconName;
  /** The shortcut that does the same, where there is one. */
  shortcut?: string;
  deed: Deed;
}

/** Most commands that are offered at a time. */
const MOST = 140;

/** All commands that match, best first within their groups; what was typed is also searched for as address, path and words. */
export function commandsFor(typed: string, search: Search, path: string): Command[] {
  const text = typed.trim();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = fixed(search, path).filter((command) => {
    const name = `${command.group} ${command.text}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  return [...searches(text, search), ...matches].slice(0, MOST);
}

/** Searches for what was typed: which ones depends on what it looks like. */
function searches(text: string, search: Search): Command[] {
  if (text.length < 2 || text.length > 200) return [];
  const range = withoutFilters(search);
  const found: Command[] = [];
  const offer = (id: FilterKey, to: string, words: string) => {
    found.push({ id: `search-${id}-${to}`, group: "Search", text: words, icon: "search", deed: { kind: "go", to, search: { ...range, [id]: text } } });
  };
  if (isAddress(text)) {
    offer("ip", pages.traffic, `Requests from ${text}`);
    offer("ip", pages.threats, `Threats from ${text}`);
  }
  if (text.startsWith("/")) {
    offer("endpoint", pages.traffic, `Requests for ${text}`);
    offer("endpoint", pages.threats, `Threats against ${text}`);
  }
  offer("q", pages.traffic, `Requests that contain “${text}”`);
  offer("q", pages.threats, `Threats that contain “${text}”`);
  return found;
}

/** The commands that do not depend on what was typed. */
function fixed(search: Search, path: string): Command[] {
  const range = withoutFilters(search);
  const onThreats = path.startsWith(pages.threats);
  const list = onThreats ? pages.threats : pages.traffic;
  // Filters add to those of a list that is open, and begin anew from elsewhere.
  const held = onThreats || path.startsWith(pages.traffic) ? search : range;
  const filter = (key: FilterKey, value: string, text: string): Command => ({
    id: `filter-${key}-${value}`,
    group: "Filters",
    text,
    icon: onThreats ? "threats" : "traffic",
    deed: { kind: "go", to: list, search: withFilter(held, key, value) },
  });
  return [
    ...PLACES.map(
      ({ to, text, icon, letter }): Command => ({ id: `page-${to}`, group: "Pages", text, icon, shortcut: `g ${letter}`, deed: { kind: "go", to, search: range } }),
    ),
    ...savedViews().map((view): Command => ({ id: `view-${view.list}-${view.name}`, group: "Views", text: `${view.list === "traffic" ? "Requests" : "Threats"}: ${view.name}`, icon: "bookmark", deed: { kind: "view", view } })),
    ...ACTIONS.map((action) => filter("action", action, `Verdict: ${actionText(action, false).toLowerCase()}`)),
    ...SEVERITIES.map((severity) => filter("severity", severity, `Severity: ${severity}`)),
    ...["2xx", "3xx", "4xx", "5xx"].map((status) => filter("status", status, `Status: ${status}`)),
    ...CLASS_NAMES.map((name) => filter("class", name, `Class: ${className(name)}`)),
    ...PRESETS.map(
      (preset): Command => ({ id: `range-${preset}`, group: "Time range", text: capital(rangeText({ range: preset })), icon: "clock", deed: { kind: "go", to: path, search: withRange(search, { range: preset }) } }),
    ),
    ...THEMES.map((theme): Command => ({ id: `theme-${theme}`, group: "Colours", text: `Colours: ${theme}`, icon: theme === "dark" ? "moon" : theme === "light" ? "sun" : "system", deed: { kind: "theme", theme } })),
    ...DENSITIES.map((density): Command => ({ id: `density-${density}`, group: "Rows", text: `Rows: ${density}`, icon: "table", deed: { kind: "density", density } })),
    { id: "help", group: "Help", text: "Keyboard shortcuts", icon: "keyboard", shortcut: "?", deed: { kind: "help" } },
  ];
}

/** Whether a text may be an address or a block of them, as the server's filter takes it. */
export function isAddress(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  if (rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  if (address.includes(":")) return /^[0-9a-f:.]{2,45}$/i.test(address) && (bits === undefined || Number(bits) <= 128);
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255) && (bits === undefined || Number(bits) <= 32);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

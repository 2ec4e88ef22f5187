import { pages } from "@/lib/paths";
import type { IconName } from "@/ui/Icon";

/** A page as the navigation, the shortcuts and the command palette know it. */
export interface Place {
  to: string;
  text: string;
  icon: IconName;
  /** The letter that leads there after `g`. */
  letter: string;
}

/** All pages, in the order of the navigation. */
export const PLACES = [
  { to: pages.overview, text: "Overview", icon: "overview", letter: "o" },
  { to: pages.traffic, text: "Traffic", icon: "traffic", letter: "t" },
  { to: pages.threats, text: "Threats", icon: "threats", letter: "h" },
  { to: pages.alerts, text: "Alerts", icon: "bell", letter: "l" },
  { to: pages.activity, text: "Activity", icon: "activity", letter: "v" },
  { to: pages.analytics, text: "Analytics", icon: "chart", letter: "a" },
  { to: pages.performance, text: "Performance", icon: "gauge", letter: "p" },
  { to: pages.security, text: "Security", icon: "security", letter: "c" },
  { to: pages.model, text: "Model", icon: "model", letter: "m" },
  { to: pages.sources, text: "Sources", icon: "sources", letter: "s" },
  { to: pages.settings, text: "Settings", icon: "settings", letter: "e" },
] as const satisfies readonly Place[];

/** The page that an address belongs to; a row belongs to its list. */
export function placeOf(path: string): (typeof PLACES)[number] | undefined {
  return PLACES.find(({ to }) => (to === pages.overview ? path === to : path === to || path.startsWith(`${to}/`)));
}

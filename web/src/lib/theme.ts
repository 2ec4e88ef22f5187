import { useSyncExternalStore } from "react";

export const THEMES = ["system", "dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

/** Also read by public/theme.js, before the first paint. */
const STORAGE_KEY = "bartizan.theme";
const listeners = new Set<() => void>();

function current(): Theme {
  const held = document.documentElement.dataset.theme;
  return held === "dark" || held === "light" ? held : "system";
}

/** Chooses a scheme and keeps the choice in this browser. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // A browser without storage forgets the choice at the next visit.
  }
  for (const listener of listeners) listener();
}

/** The chosen scheme. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

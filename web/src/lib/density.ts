import { useSyncExternalStore } from "react";

export const DENSITIES = ["roomy", "dense"] as const;
export type Density = (typeof DENSITIES)[number];

/** Also read by public/theme.js, before the first paint. */
const STORAGE_KEY = "bartizan.density";
const listeners = new Set<() => void>();

function current(): Density {
  return document.documentElement.dataset.density === "dense" ? "dense" : "roomy";
}

/** Chooses how close rows and panels stand, and keeps the choice in this browser. */
export function chooseDensity(density: Density): void {
  if (density === "roomy") delete document.documentElement.dataset.density;
  else document.documentElement.dataset.density = density;
  try {
    if (density === "roomy") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, density);
  } catch {
    // A browser without storage forgets the choice at the next visit.
  }
  for (const listener of listeners) listener();
}

/** The chosen density. */
export function useDensity(): Density {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

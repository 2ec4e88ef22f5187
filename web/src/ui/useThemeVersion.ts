import { useSyncExternalStore } from "react";

let version = 0;

function subscribe(onChange: () => void): () => void {
  const changed = () => {
    version += 1;
    onChange();
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}

/** A number that changes with the colours, for what is drawn on a canvas and cannot inherit them. */
export function useThemeVersion(): number {
  return useSyncExternalStore(subscribe, () => version);
}

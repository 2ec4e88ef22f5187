// What this browser keeps between visits: choices of looks, no data of the server.

import { useSyncExternalStore } from "react";

/** A value that this browser keeps, shared by all who use it on the page. */
export interface Kept<Value> {
  get: () => Value;
  set: (value: Value) => void;
  subscribe: (listener: () => void) => () => void;
}

/**
 * Keeps a value under `bartizan.<name>`. `read` makes a value of whatever lies there, since a user, an older version or
 * another page of the same origin may have written it; it is also what an empty place gives (null).
 */
export function kept<Value>(name: string, read: (raw: unknown) => Value): Kept<Value> {
  const key = `bartizan.${name}`;
  const listeners = new Set<() => void>();
  const load = (): Value => {
    try {
      return read(JSON.parse(localStorage.getItem(key) ?? "null"));
    } catch {
      // Storage is closed to us, or holds no JSON.
      return read(null);
    }
  };
  let held: { value: Value } | null = null;
  const get = () => (held ??= { value: load() }).value;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const onStorage = (event: StorageEvent) => {
    if (event.key !== key && event.key !== null) return;
    held = null;
    tell();
  };

  return {
    get,
    set: (value) => {
      held = { value };
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // A browser without storage forgets the choice at the next visit.
      }
      tell();
    },
    subscribe: (listener) => {
      // Another tab of the same browser may choose too.
      if (listeners.size === 0) window.addEventListener("storage", onStorage);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) window.removeEventListener("storage", onStorage);
      };
    },
  };
}

/** The kept value, as it changes. */
export function useKept<Value>({ get, subscribe }: Kept<Value>): Value {
  return useSyncExternalStore(subscribe, get);
}

/** Runs that somebody has hidden from the list: remembered by this browser alone, because the dashboard changes no file. */

import { useEffect, useState } from "preact/hooks";

const KEY = "weft-hidden-runs";

/** Names, and what changes them. Empty until the page lives. */
export function useHidden(): readonly [
  ReadonlySet<string>,
  (names: readonly string[], isHidden: boolean) => void,
] {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setHidden(stored()), []);
  const change = (names: readonly string[], isHidden: boolean) => {
    const next = new Set(stored());
    for (const name of names) {
      if (isHidden) next.add(name);
      else next.delete(name);
    }
    try {
      localStorage.setItem(KEY, JSON.stringify([...next]));
    } catch {
      // A browser that keeps nothing hides them until the page is left.
    }
    setHidden(next);
  };
  return [hidden, change];
}

function stored(): ReadonlySet<string> {
  try {
    const names = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}

/** The run that others are compared with: somebody pins it in the list, and this browser remembers it. */

import { useEffect, useState } from "preact/hooks";
import type { RunDetail } from "../shared/types.ts";
import { RunModel } from "./run_model.ts";

const KEY = "weft-baseline";

export function rememberBaseline(name: string | null): void {
  try {
    if (name === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // A browser that keeps nothing has none on other pages.
  }
}

/** @returns null until it is known, where there is none, and where it is the run itself */
export function useBaseline(name: string): RunModel | null {
  const [baseline, setBaseline] = useState<RunModel | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    find(name, leaving.signal).then(setBaseline, () => {});
    return () => leaving.abort();
  }, [name]);
  return baseline;
}

async function find(name: string, signal: AbortSignal): Promise<RunModel | null> {
  const pinned = localStorage.getItem(KEY);
  if (pinned === null || pinned === name) return null;
  const known = await fetch("/api/runs", { signal });
  const runs: { readonly name: string }[] = await known.json();
  // A run that is gone would be an error in the browser's console.
  if (!runs.some((run) => run.name === pinned)) return null;
  const response = await fetch(`/api/runs/${encodeURIComponent(pinned)}`, { signal });
  return response.ok ? new RunModel(await response.json() as RunDetail) : null;
}

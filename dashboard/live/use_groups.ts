/** What runs belong to, as far as it is known. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Groups } from "../shared/types.ts";

/** Runs of a search come one after another. */
const PAUSE_MS = 1000;

/**
 * @param first as the page has it
 * @param names of all listed runs, in one text: when they change, or how they stand, it is asked for again
 */
export function useGroups(first: Groups, names: string): Groups {
  const [groups, setGroups] = useState(first);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const response = await fetch("/api/groups", { signal: leaving.signal });
        if (response.ok) setGroups(await response.json());
      } catch {
        // The server is away, or the page is: with the next change.
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [names]);
  return groups;
}

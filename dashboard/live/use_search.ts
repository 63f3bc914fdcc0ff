/** A search while it continues. */

import { useEffect, useState } from "preact/hooks";
import type { Search } from "../../lib/run_log/search/search.ts";

/** Between two looks: its file is written anew whenever a trial begins or ends. */
const LOOK_MS = 2000;

/** The search as it was last seen; it is asked for again while it is running and somebody looks at the page. */
export function useSearch(first: Search): Search {
  const [search, setSearch] = useState(first);
  const { name, status } = search;
  useEffect(() => {
    if (status !== "running") return;
    const leaving = new AbortController();
    const timer = setInterval(async () => {
      if (document.hidden) return;
      try {
        const address = `/api/searches/${encodeURIComponent(name)}`;
        const response = await fetch(address, { signal: leaving.signal });
        if (!response.ok) return;
        const text = await response.text();
        // The same again would put the table and the axes together anew.
        setSearch((before) => JSON.stringify(before) === text ? before : JSON.parse(text));
      } catch {
        // The server is away, or the page is: next time.
      }
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [name, status]);
  return search;
}

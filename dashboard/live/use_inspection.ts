/** What a run leaves for a look into its network: fetched apart, because images are most of its bytes. */

import { useEffect, useState } from "preact/hooks";
import type { Inspection } from "../../lib/run_log/inspection/inspection.ts";

/** The file is written about when the run ends: it is asked for again a few times. Milliseconds. */
const RETRY_MS = 1000;
const TRIES = 5;

/** @param expected whether the file is there, or will be in a moment */
export function useInspection(name: string, expected: boolean): Inspection | null {
  const [inspection, setInspection] = useState<Inspection | null>(null);
  useEffect(() => {
    if (!expected) return;
    const leaving = new AbortController();
    fetchInspection(name, leaving.signal).then(setInspection, () => {});
    return () => leaving.abort();
  }, [name, expected]);
  return inspection;
}

/** @returns Null where the run has none. The server has checked every field. */
async function fetchInspection(name: string, signal: AbortSignal): Promise<Inspection | null> {
  for (let tries = 1; !signal.aborted; tries++) {
    const response = await fetch(`/api/runs/${encodeURIComponent(name)}/inspection?soon`, {
      signal,
    });
    if (response.status === 200) return await response.json();
    if (response.status !== 204 || tries === TRIES) return null;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return null;
}

/** The time, for texts such as "3 min ago": the server's until the page lives, then the browser's. */

import { useEffect, useState } from "preact/hooks";

const EVERY_MS = 20_000;

/** @param first of the server, in milliseconds since 1970 */
export function useNow(first: number): number {
  const [now, setNow] = useState(first);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

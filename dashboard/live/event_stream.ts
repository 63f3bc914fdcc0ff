/** The page's one live stream. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveEvent } from "../shared/types.ts";

/** Whether what the page shows is up to date: "lost" while the browser tries again, "over" where it does not. */
export type Connection = "connecting" | "live" | "lost" | "over";

/**
 * Follows the stream at `address` for as long as the component lives. A message that cannot be used is left out; the
 * browser connects again by itself, and says with `Last-Event-ID` how far it got.
 *
 * @param onEvents Called at most once a frame, with all that has come since.
 */
export function useLiveEvents(
  address: string,
  onEvents: (events: readonly LiveEvent[]) => void,
): Connection {
  const [connection, setConnection] = useState<Connection>("connecting");
  const handler = useRef(onEvents);
  handler.current = onEvents;
  useEffect(() => {
    let waiting: LiveEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deliver = () => {
      timer = undefined;
      const events = waiting;
      waiting = [];
      handler.current(events);
    };
    const source = new EventSource(address);
    source.onopen = () => setConnection("live");
    source.onerror = () =>
      setConnection(source.readyState === EventSource.CLOSED ? "over" : "lost");
    source.onmessage = ({ data }) => {
      const event = parseEvent(data);
      if (event) waiting.push(event);
      // A timer continues in a tab that is not seen, where frames do not.
      timer ??= setTimeout(deliver, 16);
    };
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [address]);
  return connection;
}

/** Null for what is no event. */
function parseEvent(data: unknown): LiveEvent | null {
  try {
    const event = JSON.parse(String(data));
    return typeof event?.type === "string" ? event as LiveEvent : null;
  } catch {
    return null;
  }
}

/** The page's one live stream. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveEvent } from "../shared/types.ts";

/** Whether what the page shows is up to date: "lost" while the browser tries again, "over" where it does not. */
export type Connection = "connecting" | "live" | "lost" | "over";

/** How long a page whose runs have all ended looks, when somebody comes back to it, whether that is still so. */
const LOOK_MS = 3000;

interface Following {
  /** Called at most once a frame, with all that has come since. */
  readonly onEvents: (events: readonly LiveEvent[]) => void;
  /** Whether nothing is expected any more: such a page has no stream, unless somebody comes back to it, and then for a moment. */
  readonly isOver?: boolean;
}

/**
 * Follows the stream at `address` while the component lives and somebody sees its page: a browser keeps six connections to a
 * server, and a seventh page would wait for ever. A message that cannot be used is left out. When the stream is taken up again,
 * the server is told how far it was read: by the browser itself after a break, by `from` after the page was hidden.
 */
export function useLiveEvents(
  address: string,
  { onEvents, isOver = false }: Following,
): Connection {
  const [connection, setConnection] = useState<Connection>("connecting");
  const handler = useRef(onEvents);
  handler.current = onEvents;
  const over = useRef(isOver);
  over.current = isOver;
  useEffect(() => {
    let waiting: LiveEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let look: ReturnType<typeof setTimeout> | undefined;
    let source: EventSource | null = null;
    let lastId = "";
    const deliver = () => {
      timer = undefined;
      const events = waiting;
      waiting = [];
      handler.current(events);
    };
    const close = () => {
      clearTimeout(look);
      source?.close();
      source = null;
    };
    const connect = () => {
      if (source) return;
      const opened = source = new EventSource(withParameter(address, "from", lastId));
      opened.onopen = () => setConnection("live");
      opened.onerror = () =>
        setConnection(opened.readyState === EventSource.CLOSED ? "over" : "lost");
      opened.onmessage = ({ data, lastEventId }) => {
        lastId = lastEventId;
        const event = parseEvent(data);
        if (event) waiting.push(event);
        timer ??= setTimeout(deliver, 16);
      };
    };
    const onVisibility = () => {
      if (document.hidden) return close();
      connect();
      if (over.current) look = setTimeout(() => over.current && close(), LOOK_MS);
    };
    document.addEventListener("visibilitychange", onVisibility);
    if (!document.hidden && !over.current) connect();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      clearTimeout(timer);
      close();
    };
  }, [address]);
  return connection;
}

function withParameter(address: string, name: string, value: string): string {
  if (value === "") return address;
  return `${address}${address.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
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

/** Lets the host do its own work while a long computation goes on. */

/**
 * Resolves after the host has handled what was waiting: signals, timers, requests. A message to oneself, because a
 * zero time-out waits a millisecond or more.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Lets the host do its own work while a long computation continues. */

/**
 * Resolves after the host has handled what was waiting: signals, timers, requests. A time-out, although it waits a
 * millisecond or more: a message to oneself is ready at once, and Deno, which then always has something ready, looked for
 * signals so seldom that Ctrl-C took 6 s with two threads; it takes 0.4 s so.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

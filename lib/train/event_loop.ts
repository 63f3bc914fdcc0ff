/** Lets the host do its own work during a long computation. */

/** Milliseconds between two turns of the host's event loop: a page's own must come often enough to scroll. */
const TURN_MS = 25;
const TURN_MS_OUTSIDE_OF_PAGES = 100;

/** What differs between hosts; none is there in all of them. */
interface Host {
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly scheduler?: { readonly yield?: () => Promise<void> };
  readonly WorkerGlobalScope?: unknown;
  readonly document?: unknown;
}

const host = globalThis as unknown as Host;

/** Whether this is a browser, a worker of one included. Deno and Bun have `process` as Node does. */
function isBrowser(): boolean {
  return !host.process?.versions?.node && Boolean(host.document ?? host.WorkerGlobalScope);
}

/**
 * Resolves after the host has handled what was waiting: signals, timers, requests.
 *
 * In browsers by `scheduler.yield` or a message, for a hidden tab gets timers once a second, or once a minute. Elsewhere by a
 * timer, although it waits a millisecond or more: a message to oneself is ready at once, and Deno, which then always has
 * something ready, looked for signals so seldom that Ctrl-C took 6 s with two threads; it takes 0.4 s so.
 */
export function yieldToEventLoop(): Promise<void> {
  if (!isBrowser()) return new Promise((resolve) => setTimeout(resolve, 0));
  return host.scheduler?.yield?.() ?? messageToOneself();
}

function messageToOneself(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** When the host's next turn is due. */
export class Turns {
  readonly #everyMs = isBrowser() ? TURN_MS : TURN_MS_OUTSIDE_OF_PAGES;
  #at = performance.now();

  isDue(): boolean {
    return performance.now() - this.#at >= this.#everyMs;
  }

  async take(): Promise<void> {
    await yieldToEventLoop();
    this.#at = performance.now();
  }
}

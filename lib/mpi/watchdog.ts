/**
 * Ends all processes where one waits for another for too long: MPI itself waits for ever. A thread of its own watches, because
 * the main one is in MPI's hands meanwhile.
 */
import type { MpiLibrary } from "./library.ts";

/** Places in the shared words. */
export const CALLS = 0, STEP = 1, PARTNER = 2, WORDS = 3;

/** What the watching thread is told. */
export interface WatchdogOrders {
  readonly words: SharedArrayBuffer;
  readonly library: string;
  readonly timeoutMs: number;
  readonly rank: number;
  readonly hosts: readonly string[];
}

export class Watchdog {
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * WORDS));

  /** @param timeoutMs how long a call may wait */
  constructor(
    { path }: Pick<MpiLibrary, "path">,
    orders: Pick<WatchdogOrders, "timeoutMs" | "rank" | "hosts">,
  ) {
    const worker = new Worker(new URL("./watchdog_worker.ts", import.meta.url).href, {
      type: "module",
      name: "mpi-watchdog",
    });
    const words = this.#words.buffer as SharedArrayBuffer;
    worker.postMessage({ ...orders, words, library: path } satisfies WatchdogOrders);
  }

  /** Before a call that waits for others. @param partner -1 where that is for all of them */
  enter(step: number, partner: number): void {
    Atomics.store(this.#words, STEP, step);
    Atomics.store(this.#words, PARTNER, partner);
    Atomics.add(this.#words, CALLS, 1);
  }

  leave(): void {
    Atomics.add(this.#words, CALLS, 1);
  }
}

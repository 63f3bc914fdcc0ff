/**
 * Keeps training from running far ahead of a back end that queues its calls, so that progress is what has been computed and
 * an interruption takes effect soon. A back end that computes at once is never waited for long, and soon hardly at all.
 */
import type { Backend } from "../backend/mod.ts";

/** Milliseconds that the queue should last: the device is then never idle for want of work, and the user sees it move. */
const AIM_MS = 50;

/** Of an epoch of 60,000 rows, one by one. */
const MOST_STEPS = 65_536;

export class Pace {
  /** Steps to queue before waiting for them. */
  #most = 1;
  #queued = 0;

  constructor(readonly backend: Pick<Backend, "settle">) {}

  /** Counts a step, and says whether it is time to wait. */
  isDue(): boolean {
    return ++this.#queued >= this.#most;
  }

  /** Waits for the steps that are queued, and learns from how long they took. */
  async wait(): Promise<void> {
    const since = performance.now();
    await this.backend.settle();
    const waitedMs = performance.now() - since;
    this.#queued = 0;
    if (waitedMs < AIM_MS / 2) this.#most = Math.min(this.#most * 2, MOST_STEPS);
    else if (waitedMs > AIM_MS * 2) this.#most = Math.max(this.#most >> 1, 1);
  }
}

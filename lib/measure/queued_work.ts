/**
 * Times work that a back end may queue, by groups of calls: how long until the calls return, until the device has done
 * them, and what the device itself says. Times in milliseconds a call.
 */
import type { Backend } from "../backend/mod.ts";
import { median, summarize, type Timing } from "./statistics.ts";

/** A group is measured as a whole, so it should last well beyond the clock's resolution and the wait at its end. */
const GROUP_MS = 5;

/** Calls of a group: beyond this, a queue may fill up. */
const MOST_CALLS = 1024;

export interface QueuedFigures {
  /** Until the device has done a call. */
  readonly timing: Timing;
  /** Until a call returns; median. */
  readonly encodeMs: number;
  /** As the device says; median, null where it does not. */
  readonly deviceMs: number | null;
}

/** Measures one kind of call, round by round, so that others can have their turns between. */
export class Sampler {
  readonly #callMs: number[] = [];
  readonly #encodeMs: number[] = [];
  readonly #deviceMs: number[] = [];
  #calls = 1;

  constructor(readonly backend: Backend, readonly run: () => void) {}

  /** Calls until `budgetMs` is spent, twice at least, and finds how many calls fill a group. */
  async warmUp(budgetMs: number): Promise<void> {
    const end = performance.now() + budgetMs;
    do await this.#warmGroup(); while (performance.now() < end);
    await this.#warmGroup();
  }

  /** Measures one group or, until `budgetMs` is spent, more. */
  async round(budgetMs: number): Promise<void> {
    const end = performance.now() + budgetMs;
    do {
      const { callMs, encodeMs, deviceMs } = await this.#group();
      this.#callMs.push(callMs);
      this.#encodeMs.push(encodeMs);
      if (deviceMs !== null) this.#deviceMs.push(deviceMs);
    } while (performance.now() < end);
  }

  /** Null where nothing has been measured. */
  figures(): QueuedFigures | null {
    if (this.#callMs.length === 0) return null;
    return {
      timing: summarize(this.#callMs),
      encodeMs: median(this.#encodeMs),
      deviceMs: this.#deviceMs.length > 0 ? median(this.#deviceMs) : null,
    };
  }

  async #warmGroup(): Promise<void> {
    const { callMs } = await this.#group();
    this.#calls = Math.max(1, Math.min(MOST_CALLS, Math.ceil(GROUP_MS / callMs)));
  }

  async #group(): Promise<{ callMs: number; encodeMs: number; deviceMs: number | null }> {
    const { backend } = this;
    const calls = this.#calls;
    // What others left in the queue, and on the device's clock, is not this group's.
    await backend.settle();
    await backend.takeDeviceMs?.();
    const startedAt = performance.now();
    for (let i = 0; i < calls; i++) this.run();
    const encodedAt = performance.now();
    await backend.settle();
    const doneAt = performance.now();
    const deviceMs = await backend.takeDeviceMs?.() ?? null;
    return {
      callMs: (doneAt - startedAt) / calls,
      encodeMs: (encodedAt - startedAt) / calls,
      deviceMs: deviceMs === null ? null : deviceMs / calls,
    };
  }
}

/** Where an epoch's time goes. */
import { type Phase, PHASES } from "./events.ts";

/** Adds up milliseconds by phase: each phase lasts until the next begins. */
export class Stopwatch {
  #totals = zeros();
  #phase: Phase | null = null;
  #since = 0;

  /** Ends the phase under way and begins another. */
  begin(phase: Phase | null): void {
    const now = performance.now();
    if (this.#phase) this.#totals[this.#phase] += now - this.#since;
    this.#phase = phase;
    this.#since = now;
  }

  /** Ends the phase under way and returns the totals, which begin anew. */
  take(): Record<Phase, number> {
    this.begin(null);
    const totals = this.#totals;
    this.#totals = zeros();
    return totals;
  }
}

function zeros(): Record<Phase, number> {
  return Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<Phase, number>;
}

/** Where an epoch's time goes. */
import type { Backend } from "../backend/mod.ts";
import { type Phase, PHASES, type PhasesMs } from "./events.ts";

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

/** Times of an epoch by phase; where a device of its own computes, what telling it took and what it took itself. */
export async function phasesOf(
  stopwatch: Stopwatch,
  backend: Backend,
  processes: number,
): Promise<PhasesMs> {
  const { validate, communicate, ...phases } = stopwatch.take();
  const steps = processes > 1 ? { ...phases, communicate } : phases;
  const deviceMs = await backend.takeDeviceMs?.();
  if (deviceMs === undefined) return { ...steps, validate };
  const encode = Object.values(steps).reduce((sum, ms) => sum + ms);
  return { encode, ...(deviceMs === null ? {} : { device: deviceMs }), validate };
}

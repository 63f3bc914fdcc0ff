/** Timing: medians of repeated measurements, with their spread and the best. Times in milliseconds. */

export interface Timing {
  readonly median: number;
  /** Median distance from the median: half of the measurements lie within it. */
  readonly spread: number;
  /** The shortest: what it takes when nothing else disturbs. */
  readonly best: number;
  readonly runs: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function summarize(times: readonly number[]): Timing {
  const middle = median(times);
  const spread = median(times.map((time) => Math.abs(time - middle)));
  return { median: middle, spread, best: Math.min(...times), runs: times.length };
}

/**
 * Calls before any that is measured, however long they take: until then, code is replaced, and threads that were started
 * on one processor are moved apart, which the system does some tenths of a second late.
 */
const WARM_UP_CALLS = 5;

/** Time of one call of `work`, in which it may repeat itself. */
export function time(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/**
 * Times `work` until `budgetMs` is spent, a few calls a measurement so that each lasts a millisecond or more.
 *
 * Warming up takes many short calls, not a long one: V8 replaces code at the next call. The pause lets its compiler
 * thread finish.
 */
export async function measure(work: () => void, budgetMs = 300): Promise<Timing> {
  const deadline = performance.now() + budgetMs / 2;
  for (let calls = 0; calls < WARM_UP_CALLS || performance.now() < deadline; calls++) work();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const single = median([time(work), time(work), time(work)]);
  const calls = Math.max(1, Math.ceil(1 / single));
  const times: number[] = [];
  const end = performance.now() + budgetMs;
  while (times.length < 5 || performance.now() < end) {
    times.push(
      time(() => {
        for (let i = 0; i < calls; i++) work();
      }) / calls,
    );
  }
  return summarize(times);
}

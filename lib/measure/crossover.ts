/** Where one curve of times falls below another. */

/** Times by size, sizes rising. */
export type TimeCurve = readonly { readonly at: number; readonly medianMs: number }[];

export interface Crossover {
  /** The first size from which `fast` takes less time, between sizes on logarithmic scales; null: nowhere in this range. */
  readonly at: number | null;
  /** Whether it takes less at every larger size too. */
  readonly staysAhead: boolean;
}

/** Compares at the sizes that both curves have. Where `fast` is ahead at the smallest, that is where it overtakes. */
export function crossover(slow: TimeCurve, fast: TimeCurve): Crossover {
  const times = new Map(fast.map(({ at, medianMs }) => [at, medianMs]));
  const both = slow.filter(({ at }) => times.has(at))
    // Above 0 where `fast` takes less; a straight line between sizes on the plot's scales.
    .map(({ at, medianMs }) => ({ at, lead: Math.log(medianMs / times.get(at)!) }));
  const first = both.findIndex(({ lead }) => lead > 0);
  if (first < 0) return { at: null, staysAhead: false };
  const staysAhead = both.slice(first).every(({ lead }) => lead > 0);
  const after = both[first];
  if (first === 0) return { at: after.at, staysAhead };
  const before = both[first - 1];
  const share = before.lead / (before.lead - after.lead);
  return { at: before.at * (after.at / before.at) ** share, staysAhead };
}

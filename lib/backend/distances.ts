/**
 * The losses of a number by its difference d from the target, as `distanceLoss` takes them: a new one is a row here and its
 * formula in `assembly/distance_loss.ts`, `reference/losses.ts` and `webgpu/shaders/distance_loss.ts`. A kernel gets the
 * place in this list.
 */
export const DISTANCES = [
  /** d^2. */
  "squared",
  /** d^2 / 2 up to |d| = delta, delta (|d| - delta / 2) beyond; delta above 0. */
  "huber",
] as const;

/** The name of such a loss. */
export type Distance = typeof DISTANCES[number];

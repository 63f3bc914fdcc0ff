/** Where several processes train one network, each on a part of every batch: their gradients are added before the update. */
import type { Parameter } from "../nn/optimizers.ts";

export interface GradientSync {
  /**
   * Replaces every gradient by the sum of all processes' gradients, in an order that is the same for each of them.
   *
   * @returns null where nothing is to be waited for
   */
  sum(parameters: readonly Parameter[]): Promise<void> | null;
}

/** One process, whose gradients are all there is. */
export const ALONE: GradientSync = { sum: () => null };

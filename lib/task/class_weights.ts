/** How much the rows of each class count in the loss. */
import { UsageError } from "../errors.ts";

/** "balanced": as much as all rows together, divided by classes; or one number above 0 for each class. */
export type ClassWeights = "none" | "balanced" | readonly number[];

/** @throws {UsageError} where there are not as many as classes */
export function requireWeightOfEach(weights: ClassWeights, classes: number): void {
  if (typeof weights === "string" || weights.length === classes) return;
  throw new UsageError(
    `Cannot train with ${weights.length} class weights: there are ${classes} classes; give one for each`,
  );
}

/**
 * One number a class, or null where all count alike. Balanced weights are rows / (classes * rows of the class), so that they
 * are 1 on average over the rows; a class that no row has is not one of the classes, and its weight is 1.
 *
 * @param labels of all images
 * @param rows   to train on, by number
 */
export function classWeightsFor(
  weights: ClassWeights,
  labels: Uint8Array,
  rows: Uint32Array,
  classes: number,
): Float32Array<ArrayBuffer> | null {
  if (weights === "none") return null;
  if (weights !== "balanced") return Float32Array.from(weights);
  const counts = new Array<number>(classes).fill(0);
  for (const row of rows) counts[labels[row]]++;
  const present = counts.filter((count) => count > 0).length;
  return Float32Array.from(counts, (count) => count > 0 ? rows.length / (present * count) : 1);
}

/** Some rows of features with their targets, as features of their own. */
import type { LabeledFeatures, TargetedFeatures, Targets } from "./samples.ts";

export type FeatureSamples = LabeledFeatures | TargetedFeatures;

/** The rows of those numbers, in that order. */
export function pickSamples(data: FeatureSamples, rows: Uint32Array): FeatureSamples {
  const { features, shape } = data;
  const base = { rows: rows.length, features: pickedRows(features, data.rows, rows), shape };
  if (!("targets" in data)) return { ...base, labels: pickedRows(data.labels, data.rows, rows) };
  const { targets, weights } = data;
  return {
    ...base,
    targets: pickedTargets(targets, data.rows, rows),
    ...weights ? { weights: pickedRows(weights, data.rows, rows) } : {},
  };
}

function pickedTargets(targets: Targets, count: number, rows: Uint32Array): Targets {
  if (targets.task === "regression") {
    return { ...targets, values: pickedRows(targets.values, count, rows) };
  }
  return { ...targets, labels: pickedRows(targets.labels, count, rows) } as Targets;
}

/** @param count rows that `values` has, all of one length */
function pickedRows<T extends Uint8Array | Float32Array>(
  values: T,
  count: number,
  rows: Uint32Array,
): T {
  const size = values.length / count;
  const own = new (values.constructor as new (length: number) => T)(rows.length * size);
  rows.forEach((row, i) => own.set(values.subarray(row * size, (row + 1) * size), i * size));
  return own;
}

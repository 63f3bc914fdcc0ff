/** Rows of float32 features that are easy to tell apart, for tests: made from nothing, the same each time. */
import type { LabeledFeatures } from "../../lib/mod.ts";
import { NumpyRandomState } from "../../lib/random/numpy_random_state.ts";

/** Rows of five features around zero, three classes in turn: feature c of class c is larger. */
export function floatRows(rows: number, seed = 1): LabeledFeatures {
  const random = new NumpyRandomState(seed);
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 3);
  const features = Float32Array.from(
    { length: rows * 5 },
    (_, i) => (i % 5 === labels[Math.floor(i / 5)] ? 3 : 0) + random.normal(),
  );
  return { rows, features, shape: [5], labels };
}

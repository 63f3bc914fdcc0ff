/** Three small data sets, prepared as a user would: holes filled and columns standardized by the rows to train on. */
import type { TargetedFeatures, Targets } from "../../lib/mod.ts";
import data from "../golden/task_data.json" with { type: "json" };

/** A part to learn from and one to be judged by. */
export interface Parts {
  readonly train: TargetedFeatures;
  readonly test: TargetedFeatures;
}

/** The splits that there are. */
export const SEEDS = [0, 1, 2, 3, 4];

const bytes = (text: string) => Uint8Array.fromBase64(text);
const floats = (text: string) => new Float32Array(bytes(text).buffer);

/** Rows of `values`, with `columns` a row. */
function pick<V extends Uint8Array | Float32Array>(
  values: V,
  rows: ArrayLike<number>,
  columns: number,
): V {
  const picked = values.slice(0, rows.length * columns) as V;
  Array.from(rows).forEach((row, i) => {
    picked.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return picked;
}

/** Fills each column's holes with its median, and standardizes it. */
function prepared(features: Float32Array, columns: number, train: ArrayLike<number>): Float32Array {
  const result = features.slice();
  for (let j = 0; j < columns; j++) {
    const known = Array.from(train, (row) => features[row * columns + j])
      .filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
    const median = known[known.length >> 1];
    const values = Array.from(train, (row) => features[row * columns + j])
      .map((value) => Number.isNaN(value) ? median : value);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1;
    for (let i = j; i < result.length; i += columns) {
      result[i] = ((Number.isNaN(result[i]) ? median : result[i]) - mean) / std;
    }
  }
  return result;
}

function partsOf(
  { rows, columns, tests }: {
    readonly rows: number;
    readonly columns: number;
    readonly tests: readonly string[];
  },
  seed: number,
  features: Float32Array,
  targetsOf: (rows: ArrayLike<number>) => Targets,
): Parts {
  const test = new Uint16Array(bytes(tests[seed]).buffer);
  const isTest = new Set(test);
  const train = Array.from({ length: rows }, (_, row) => row).filter((row) => !isTest.has(row));
  const ready = prepared(features, columns, train);
  const part = (rows: ArrayLike<number>): TargetedFeatures => ({
    rows: rows.length,
    features: pick(ready, rows, columns),
    shape: [columns],
    targets: targetsOf(rows),
  });
  return { train: part(train), test: part(test) };
}

/** Regression of one number from ten. */
export function diabetes(seed: number): Parts {
  const values = floats(data.diabetes.values);
  return partsOf(data.diabetes, seed, floats(data.diabetes.features), (rows) => ({
    task: "regression",
    values: pick(values, rows, 1),
    names: ["progression"],
  }));
}

export const TAG_NAMES: readonly string[] = data.tags.names;

/** Some of several labels from thirty counts. */
export function tags(seed: number): Parts {
  const labels = bytes(data.tags.labels);
  const counts = Float32Array.from(bytes(data.tags.counts));
  return partsOf(data.tags, seed, counts, (rows) => ({
    task: "multi-label",
    labels: pick(labels, rows, TAG_NAMES.length),
  }));
}

/** Yes or no from numbers, some of them missing, and categories. */
export function passengers(seed: number): Parts {
  const labels = bytes(data.passengers.labels);
  return partsOf(data.passengers, seed, floats(data.passengers.features), (rows) => ({
    task: "binary",
    labels: pick(labels, rows, 1),
  }));
}

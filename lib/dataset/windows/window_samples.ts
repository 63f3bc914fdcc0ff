/** Windows as what networks learn from: [steps, features] of float32 each, standardized by the rows that are trained on. */
import { UsageError } from "../../errors.ts";
import { Encoder } from "../preprocessing/encoder.ts";
import { fitPreprocessing } from "../preprocessing/fit.ts";
import { noteLines } from "../preprocessing/notes.ts";
import type { Preprocessing } from "../preprocessing/preprocessing.ts";
import type { FeatureReader, FeatureSource, TargetedFeatures } from "../samples.ts";
import type { Table } from "../table.ts";
import { splitWindows, type WindowSplitOptions } from "./split_windows.ts";
import { pickWindows, type WindowDataset } from "./windows.ts";

/** More float32 than these (64 MiB) are not kept: windows that overlap have each row several times. */
const MOST_KEPT = 2 ** 24;

/** How rows of windows become features: plain JSON. */
export interface WindowPreprocessing {
  /** Rows of a window. */
  readonly length: number;
  /** Rows from the beginning of a window to that of the next one. */
  readonly stride: number;
  /** The column whose values are groups. */
  readonly groups?: string;
  /** Of each row. */
  readonly rows: Preprocessing;
}

/** Learns from the rows of all windows of a data set what encodes any. @throws as `fitPreprocessing` */
export function fitWindows(
  { table, places, starts, length, stride, plan, ends }: WindowDataset,
): WindowPreprocessing {
  const isUsed = new Uint8Array(table.rows);
  for (const start of starts) {
    for (let step = 0; step < length; step++) isUsed[places[start + step]] = 1;
  }
  const rows = Uint32Array.from(isUsed.keys()).filter((row) => isUsed[row] === 1);
  const groups = plan.columns.find(({ role }) => role === "groups")?.name;
  return {
    length,
    stride,
    ...groups === undefined ? {} : { groups },
    rows: fitPreprocessing(table, rows, plan, ends.target),
  };
}

/** Windows with what is to be learned of them, and what was odd. */
export interface WindowSamples {
  /** What `train` takes. */
  readonly data: TargetedFeatures | FeatureSource;
  /** What was odd in the cells, a line each. */
  readonly notes: readonly string[];
}

/**
 * The features of windows: N x steps x features, in memory where they are few, else read when they are wanted.
 *
 * @throws {WeftError} if a cell cannot be encoded
 */
export function windowSamples(
  { table, places, starts, length, ends }: Pick<
    WindowDataset,
    "table" | "places" | "starts" | "length" | "ends"
  >,
  { rows: preprocessing }: Pick<WindowPreprocessing, "rows">,
): WindowSamples {
  const encoder = new Encoder(preprocessing, table as Table);
  const size = encoder.features;
  const rows = new Float32Array(table.rows * size);
  encoder.encode(rows, 0, table.rows);
  const isInOrder = places.every((row, place) => row === place);
  const reader: FeatureReader = (first, count) => {
    const values = new Float32Array(count * length * size);
    for (let i = 0; i < count; i++) {
      const start = starts[first + i];
      if (isInOrder) {
        values.set(rows.subarray(start * size, (start + length) * size), i * length * size);
        continue;
      }
      for (let step = 0; step < length; step++) {
        const row = places[start + step];
        values.set(rows.subarray(row * size, (row + 1) * size), (i * length + step) * size);
      }
    }
    return values;
  };
  const isKept = starts.length * length * size <= MOST_KEPT;
  const base = { rows: starts.length, shape: [length, size], targets: ends.targets };
  return {
    data: isKept ? { ...base, features: reader(0, starts.length) } : { ...base, features: reader },
    notes: noteLines(encoder.notes),
  };
}

/** Which windows `windowParts` takes for which part. */
export interface WindowPartsOptions extends Omit<WindowSplitOptions, "fraction"> {
  /** Fraction of the windows to test with; none by default. */
  readonly test?: number;
  /** Fraction of the others to validate with; 0.2 by default, 0 for none. */
  readonly validation?: number;
}

/** What `train` takes, and what raw rows go through. */
export interface WindowParts {
  /** The windows to train on. */
  readonly train: WindowSamples["data"];
  /** Those to validate with, if any. */
  readonly validation?: WindowSamples["data"];
  /** Those to test with, if any. */
  readonly test?: WindowSamples["data"];
  /** None of regression. */
  readonly classNames?: readonly string[];
  /** What raw rows go through before the network sees them. */
  readonly preprocessing: WindowPreprocessing;
  /** What was decided or odd, a line each. */
  readonly notes: readonly string[];
}

/**
 * Splits off windows to test and to validate with, fits on the rows of the others alone, and encodes all.
 *
 * @throws as `splitWindows` and `fitWindows`
 */
export function windowParts(
  dataset: WindowDataset,
  { test = 0, validation = 0.2, ...options }: WindowPartsOptions,
): WindowParts {
  if (!(test >= 0 && test < 1) || !(validation >= 0 && validation < 1)) {
    throw new UsageError(
      `Cannot test with ${test} and validate with ${validation} of the windows: give fractions from 0 on, below 1`,
    );
  }
  const [others, tested] = partsOf(dataset, { ...options, fraction: test });
  const [learned, validating] = partsOf(others, { ...options, fraction: validation });
  const preprocessing = fitWindows(learned);
  const train = windowSamples(learned, preprocessing);
  const { task } = dataset.ends.targets;
  return {
    train: train.data,
    ...validating ? { validation: windowSamples(validating, preprocessing).data } : {},
    ...tested ? { test: windowSamples(tested, preprocessing).data } : {},
    ...task === "regression" ? {} : { classNames: dataset.ends.classNames },
    preprocessing,
    notes: [...dataset.notes, ...train.notes],
  };
}

function partsOf(
  dataset: WindowDataset,
  options: WindowSplitOptions,
): [WindowDataset, WindowDataset | null] {
  if (options.fraction === 0) return [dataset, null];
  const { train, validation } = splitWindows(dataset, options);
  return [pickWindows(dataset, train), pickWindows(dataset, validation)];
}

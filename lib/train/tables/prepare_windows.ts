/** Windows of a table on their way into training: split so that nothing leaks, fitted on the rows to train on, and encoded. */
import { adaptedText, adaptedTo } from "../../config/adapted.ts";
import type { TrainConfig } from "../../config/options.ts";
import type { Fold } from "../../dataset/folds.ts";
import type { Preprocessing } from "../../dataset/preprocessing/preprocessing.ts";
import type { Split } from "../../dataset/split.ts";
import { foldRows } from "../../dataset/split_rows.ts";
import type { Table } from "../../dataset/table.ts";
import { splitWindows } from "../../dataset/windows/split_windows.ts";
import { fitWindows } from "../../dataset/windows/window_samples.ts";
import { pickWindows, type WindowDataset } from "../../dataset/windows/windows.ts";
import { UsageError } from "../../errors.ts";
import type { Model } from "../../model/model.ts";
import { keptNames } from "../continue_from.ts";
import type { RunOptions } from "../options.ts";
import { contractedRows, contractedWindows, type RowContract } from "./model_dataset.ts";

export interface WindowRunOptions {
  readonly train: WindowDataset;
  /** Windows of the same table, or another table. */
  readonly test: WindowDataset | Table | null;
  readonly from?: Model;
  readonly freeze?: RunOptions["freeze"];
  /** Rows between windows of different parts. */
  readonly gap?: number;
  /** Validate with the last windows, such a part of them. */
  readonly splitLast?: number;
  readonly fold?: Fold | null;
}

/**
 * What `train` takes: parts that share no row, all encoded by what the rows to learn from have taught.
 *
 * @throws {UsageError} if the windows cannot be split so, or are not the model's to begin with
 * @throws {WeftError} as `splitWindows` and `fitWindows`
 */
export function prepareWindows(options: WindowRunOptions, config: TrainConfig): RunOptions {
  const { train, test, from, freeze } = options;
  const split = splitOf(options, config);
  const learning = split ? pickWindows(train, split.train) : train;
  const contract = contractOf(learning, from);
  const cannot = "Cannot train on these windows";
  const learned = contractedWindows(contract, learning, cannot);
  const validating = split && split.validation.length > 0
    ? contractedWindows(contract, pickWindows(train, split.validation), cannot)
    : null;
  const testing = test &&
    ("starts" in test
      ? contractedWindows(contract, test, cannot)
      : contractedRows(contract, test, "Cannot use the test table"));
  const left = train.rows - learning.rows - (split?.validation.length ?? 0);
  const adapted = adaptedText(learning.rows, adaptedTo(learning.rows, config));
  return {
    train: learned.data,
    ...validating ? { validation: validating.data } : { split: allOf(learning.rows) },
    test: testing?.data ?? null,
    classNames: contract.task === "regression" ? undefined : contract.names,
    preprocessing: contract.preprocessing,
    from,
    freeze,
    notes: [
      ...train.notes,
      ...left === 0 ? [] : [
        left === 1
          ? "1 window is neither trained on nor validated with, because it is too near to both"
          : `${left} windows are neither trained on nor validated with, because they are too near to both`,
      ],
      ...learned.notes,
      ...testing?.notes.map((note) => `test rows: ${note}`) ?? [],
      ...adapted === null ? [] : [adapted],
    ],
  };
}

function splitOf(
  { train, gap, splitLast, fold }: WindowRunOptions,
  { validation, splitSeed: seed }: TrainConfig,
): Split | null {
  if (fold) {
    requireApart(train, gap);
    return foldRows(train.ends, fold.folds, seed)[fold.fold - 1];
  }
  if (splitLast !== undefined) {
    return splitWindows(train, { fraction: splitLast, seed, last: true, gap });
  }
  return validation === 0 ? null : splitWindows(train, { fraction: validation, seed, gap });
}

/** @throws {UsageError} if folds of single windows would share rows */
export function requireApart({ ends, length, stride }: WindowDataset, gap = 0): void {
  if (ends.groups || stride >= length + gap) return;
  throw new UsageError(
    `Cannot cross-validate windows of ${length} rows that begin every ${stride} rows: folds would share rows; ` +
      "give --split-by COLUMN, or a --stride of at least the window and the gap",
  );
}

function allOf(rows: number): Split {
  return { train: Uint32Array.from({ length: rows }, (_, i) => i), validation: new Uint32Array() };
}

function contractOf(learning: WindowDataset, from: Model | undefined): RowContract {
  const { ends: { targets: { task }, classNames, target }, length } = learning;
  if (!from) return { preprocessing: fitWindows(learning), task, names: classNames };
  const before = from.preprocessing;
  if (before?.window?.length !== length) {
    throw new UsageError(
      `Cannot begin with this model on windows of ${length} rows: it takes ${
        before?.window ? `windows of ${before.window.length}` : "no windows"
      }; give the same --window`,
    );
  }
  const ignored = learning.plan.columns.filter(({ role }) => role !== "input");
  const names = [...before.ignored, ...ignored.map(({ name }) => name)];
  const preprocessing: Preprocessing = {
    ...before,
    ignored: [...new Set(names)].filter((name) => !target.names.includes(name)),
    target,
  };
  return { preprocessing, task, names: keptNames(from, task, classNames) ?? classNames };
}

/**
 * A run's epochs as columns of numbers: what charts draw, and how a long run travels. A hundred thousand epochs are 6 MB
 * of float64 that need no parsing; as JSON records they would be 30 MB.
 *
 * The bytes of `GET /api/runs/NAME/curves`: the columns of the run (`columnsOf`) one after the other, each of as many
 * little-endian float64 as there are epochs. NaN stands where the log has null.
 */

import type { EpochRecord, RunRecord } from "../../lib/run_log/run/records.ts";

/** Fields of an epoch record that some chart draws, with the units that they have there. */
export const CURVE_COLUMNS = [
  "epoch",
  "trainLoss",
  "trainAccuracy",
  "validationLoss",
  "validationAccuracy",
  "elapsedMs",
  "samplesPerSecond",
  "learningRate",
] as const satisfies readonly (keyof EpochRecord)[];

type FixedColumn = (typeof CURVE_COLUMNS)[number];
/** And metrics by name, of the rows as they were met and of the validation rows. */
export type CurveColumn = FixedColumn | `train.${string}` | `validation.${string}`;

/** Metrics of a run that are drawn besides loss and accuracy, at most: each takes 16 bytes an epoch. */
const MOST_METRICS = 8;

/** The columns of a run: what every run has, then two for each metric of its task that has no column yet. */
export function columnsOf(run: Pick<RunRecord, "metrics"> | null): readonly CurveColumn[] {
  const names = (run?.metrics ?? []).map(({ name }) => name)
    .filter((name) => name !== "loss" && name !== "accuracy").slice(0, MOST_METRICS);
  return [
    ...CURVE_COLUMNS,
    ...names.flatMap((name) => [`train.${name}`, `validation.${name}`] as const),
  ];
}

/** What an epoch has in a column; NaN where that is no number. */
export function valueIn(epoch: EpochRecord, column: CurveColumn): number {
  const at = column.indexOf(".");
  const value = at < 0
    ? epoch[column as FixedColumn]
    : epoch[column.slice(0, at) as "train" | "validation"]?.[column.slice(at + 1)];
  return typeof value === "number" ? value : NaN;
}

/** Columns of one length; `epoch` rises. */
export type Curves = Readonly<Record<CurveColumn, Float64Array>>;

/**
 * Columns that look at `bytes`, without a copy. Every processor that a browser runs on is little-endian.
 *
 * @throws RangeError where the bytes are no whole number of epochs.
 */
export function decodeCurves(
  bytes: ArrayBuffer,
  names: readonly CurveColumn[] = CURVE_COLUMNS,
): Curves {
  const rows = bytes.byteLength / (8 * names.length);
  if (!Number.isInteger(rows)) {
    throw new RangeError(
      `Cannot read curves from ${bytes.byteLength} bytes: no whole number of epochs`,
    );
  }
  const columns = names.map((column, c) =>
    [column, new Float64Array(bytes, 8 * c * rows, rows)] as const
  );
  return Object.fromEntries(columns) as Curves;
}

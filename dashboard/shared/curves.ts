/**
 * A run's epochs as columns of numbers: what charts draw, and how a long run travels. A hundred thousand epochs are 6 MB
 * of float64 that need no parsing; as JSON records they would be 30 MB.
 *
 * The bytes of `GET /api/runs/NAME/curves`: the columns of `CURVE_COLUMNS` one after the other, each of as many
 * little-endian float64 as there are epochs. NaN stands where the log has null.
 */

import type { EpochRecord } from "../../lib/run_log/run/records.ts";

/** Fields of an epoch record that some chart draws, with the units that they have there. */
export const CURVE_COLUMNS = [
  "epoch",
  "trainLoss",
  "trainAccuracy",
  "validationLoss",
  "validationAccuracy",
  "elapsedMs",
  "samplesPerSecond",
] as const satisfies readonly (keyof EpochRecord)[];

export type CurveColumn = (typeof CURVE_COLUMNS)[number];

/** Columns of one length; `epoch` rises. */
export type Curves = Readonly<Record<CurveColumn, Float64Array>>;

/**
 * Columns that look at `bytes`, without a copy. Every processor that a browser runs on is little-endian.
 *
 * @throws RangeError where the bytes are no whole number of epochs.
 */
export function decodeCurves(bytes: ArrayBuffer): Curves {
  const rows = bytes.byteLength / (8 * CURVE_COLUMNS.length);
  if (!Number.isInteger(rows)) {
    throw new RangeError(
      `Cannot read curves from ${bytes.byteLength} bytes: no whole number of epochs`,
    );
  }
  const columns = CURVE_COLUMNS.map((column, c) =>
    [column, new Float64Array(bytes, 8 * c * rows, rows)] as const
  );
  return Object.fromEntries(columns) as Curves;
}

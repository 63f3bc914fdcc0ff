/** Curves as the server sends them. */

import type { CurveColumn } from "../../dashboard/shared/curves.ts";
import { CurveTable } from "../../dashboard/store/curve_table.ts";
import type { EpochRecord } from "../../lib/run_log/run/records.ts";

export function encodedCurves(
  epochs: readonly EpochRecord[],
  columns?: readonly CurveColumn[],
): Uint8Array<ArrayBuffer> {
  const table = new CurveTable(epochs.length, columns);
  for (const epoch of epochs) table.add(epoch);
  return table.encode();
}

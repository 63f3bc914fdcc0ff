/** Curves as the server sends them. */

import { CurveTable } from "../../dashboard/store/curve_table.ts";
import type { EpochRecord } from "../../lib/run_log/run/records.ts";

export function encodedCurves(epochs: readonly EpochRecord[]): Uint8Array<ArrayBuffer> {
  const table = new CurveTable(epochs.length);
  for (const epoch of epochs) table.add(epoch);
  return table.encode();
}

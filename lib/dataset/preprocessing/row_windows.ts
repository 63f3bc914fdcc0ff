/** Encoded rows that follow each other in time, as windows: one for each row that has enough before it. */
import { WeftError } from "../../errors.ts";
import type { Encoder } from "./encoder.ts";
import type { RowWindow } from "./preprocessing.ts";

/**
 * The windows that end in the rows.
 *
 * @param values rows x features, of all rows
 * @returns W rows in which a window ends, in order; and W x length x features
 * @throws {WeftError} if no group has as many rows as a window
 */
export function rowWindows(
  values: Float32Array,
  { rows, features, groups }: Pick<Encoder, "rows" | "features" | "groups">,
  { length }: RowWindow,
): { readonly ends: Uint32Array<ArrayBuffer>; readonly values: Float32Array<ArrayBuffer> } {
  const series = new Map<string | null, number[]>();
  const ends: number[] = [];
  /** Of each window, its rows. */
  const members: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const group = groups ? groups(row) : null;
    const own = series.get(group) ?? [];
    series.set(group, own);
    own.push(row);
    if (own.length > length) own.shift();
    if (own.length < length) continue;
    ends.push(row);
    members.push([...own]);
  }
  if (ends.length === 0) {
    throw new WeftError(
      `Cannot predict from ${rows} ${
        rows === 1 ? "row" : "rows"
      }: the model takes windows of ${length} rows, one after the other; give at least so many${
        groups ? " of one group" : ""
      }`,
    );
  }
  const windows = new Float32Array(ends.length * length * features);
  members.forEach((own, window) =>
    own.forEach((row, step) =>
      windows.set(
        values.subarray(row * features, (row + 1) * features),
        (window * length + step) * features,
      )
    )
  );
  return { ends: Uint32Array.from(ends), values: windows };
}

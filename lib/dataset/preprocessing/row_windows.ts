/** Encoded rows that follow each other in time, as windows: one for each row that has enough before it. */
import { WeftError } from "../../errors.ts";
import type { Encoder } from "./encoder.ts";
import type { RowWindow } from "./preprocessing.ts";

/** The windows that end in rows. */
export interface RowWindows {
  /** The rows in which a window ends, in order. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /**
   * Some windows, length x features each.
   *
   * @param values of all rows, encoded
   */
  read(values: Float32Array, first: number, count: number): Float32Array<ArrayBuffer>;
}

/** @throws {WeftError} if no group has as many rows as a window */
export function rowWindows(
  { rows, features, groups }: Pick<Encoder, "rows" | "features" | "groups">,
  { length }: RowWindow,
): RowWindows {
  /** The row before, of the same group; meaningless for a group's first one. */
  const before = new Uint32Array(rows);
  const ends: number[] = [];
  const series = new Map<string | null, { last: number; count: number }>();
  for (let row = 0; row < rows; row++) {
    const group = groups ? groups(row) : null;
    const own = series.get(group);
    if (own) {
      before[row] = own.last;
      own.last = row;
      own.count++;
    } else series.set(group, { last: row, count: 1 });
    if ((own?.count ?? 1) >= length) ends.push(row);
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
  return {
    ends: Uint32Array.from(ends),
    read(values, first, count) {
      const windows = new Float32Array(count * length * features);
      for (let window = 0; window < count; window++) {
        let row = ends[first + window];
        for (let step = length - 1; step >= 0; step--) {
          const own = values.subarray(row * features, (row + 1) * features);
          windows.set(own, (window * length + step) * features);
          row = before[row];
        }
      }
      return windows;
    },
  };
}

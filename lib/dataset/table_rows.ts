/** Some rows of a table, as a table. */
import { WeftError } from "../errors.ts";
import type { Column, Numbers, Table } from "./table.ts";

/** Numbers at other places; nothing is copied but the places. */
class PickedNumbers implements Numbers {
  constructor(readonly numbers: Numbers, readonly rows: Uint32Array) {}

  get length(): number {
    return this.rows.length;
  }

  at(index: number): number | undefined {
    return this.numbers.at(this.rows[index]);
  }

  pick(rows: Uint32Array): PickedNumbers {
    return new PickedNumbers(this.numbers, rows.map((row) => this.rows[row]));
  }
}

/** The rows of those numbers, in that order. */
export function pickTableRows(table: Table, rows: Uint32Array): Table {
  return { ...table, rows: rows.length, columns: table.columns.map((it) => picked(it, rows)) };
}

/**
 * Does something with the rows of a table that was picked from another one: "in row 3" in a message becomes the number that
 * the row had there.
 *
 * @param rows numbers of the rows that were picked, from 0; null where all were
 */
export function namingRows<T>(rows: Uint32Array | null, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (rows === null || !(error instanceof WeftError)) throw error;
    const message = error.message.replace(
      /\bin row (\d+)/,
      (_, row) => `in row ${rows[Number(row) - 1] + 1}`,
    );
    throw new (error.constructor as typeof WeftError)(message);
  }
}

/** Says of rows without target that they are left out. */
export function droppedNote(dropped: number): string[] {
  if (dropped === 0) return [];
  return dropped === 1
    ? ["1 row has no target, and is left out"]
    : [`${dropped} rows have no target, and are left out`];
}

function picked(column: Column, rows: Uint32Array): Column {
  switch (column.kind) {
    case "number": {
      const { values } = column;
      const isPicked = values instanceof PickedNumbers;
      return { ...column, values: isPicked ? values.pick(rows) : new PickedNumbers(values, rows) };
    }
    case "text":
      return { ...column, codes: pickedCodes(column.codes, rows) };
    case "vector": {
      const { size, values } = column;
      const own = new Float32Array(rows.length * size);
      rows.forEach((row, i) => own.set(values.subarray(row * size, (row + 1) * size), i * size));
      return { ...column, values: own };
    }
  }
}

/** Of the same element type, which may be a byte. */
function pickedCodes(codes: ArrayLike<number>, rows: Uint32Array): ArrayLike<number> {
  const own = codes instanceof Int8Array
    ? new Int8Array(rows.length)
    : codes instanceof Int16Array
    ? new Int16Array(rows.length)
    : new Int32Array(rows.length);
  rows.forEach((row, i) => own[i] = codes[row]);
  return own;
}

/** Cells of tables and of objects, read as numbers or as texts. */
import { WeftError } from "../../errors.ts";
import { type Column, HOLES, numberText, type TextColumn } from "../table.ts";

/** Values of one name in rows that are objects. */
export interface ObjectColumn {
  readonly kind: "objects";
  readonly name: string;
  readonly values: readonly unknown[];
}

export type AnyColumn = Column | ObjectColumn;

/** Reads the cell of a row. */
export type Cells<T> = (row: number) => T;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a text says, spaces around it aside; NaN if it says none. */
export function numberOf(text: string): number {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : NaN;
}

/** The one way of writing a cell: trimmed, numbers as JavaScript writes them; null for a hole. */
export function cellText(text: string): string | null {
  const trimmed = text.trim();
  if (HOLES.has(trimmed)) return null;
  return NUMBER.test(trimmed) ? numberText(Number(trimmed)) : trimmed;
}

/**
 * Cells as numbers, NaN for holes.
 *
 * @returns what throws a WeftError where a cell is no finite number
 */
export function numberCells(column: AnyColumn): Cells<number> {
  const { name } = column;
  switch (column.kind) {
    case "number": {
      const { values } = column;
      return (row) => {
        const value = values.at(row)!;
        return Math.abs(value) === Infinity ? refuseCell(name, row, value) : value;
      };
    }
    case "text": {
      const { codes, texts } = column;
      const numbers = texts.map((text) => cellText(text) === null ? NaN : finite(text));
      return (row) => {
        const code = codes[row];
        return code < 0 ? NaN : numbers[code] ?? refuseText(column, row, texts[code]);
      };
    }
    case "objects":
      return (row) => {
        const value = column.values[row];
        if (value === undefined || value === null) return NaN;
        if (typeof value === "bigint") return Number(value);
        if (typeof value === "string") {
          if (cellText(value) === null) return NaN;
          return finite(value) ?? refuseCell(name, row, value);
        }
        const isNumber = typeof value === "number" && Math.abs(value) !== Infinity;
        return isNumber ? value : refuseCell(name, row, value);
      };
    case "vector":
      return (row) => refuseCell(name, row, `a list of ${column.size} numbers`);
  }
}

/** Undefined where it is no number, or none that float64 holds. */
function finite(text: string): number | undefined {
  const value = numberOf(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Cells as texts, null for holes. @returns what throws a WeftError where a cell is neither text nor number */
export function textCells(column: AnyColumn): Cells<string | null> {
  const { name } = column;
  switch (column.kind) {
    case "number": {
      const { values } = column;
      return (row) => {
        const value = values.at(row)!;
        return Number.isNaN(value) ? null : numberText(value);
      };
    }
    case "text": {
      const { codes } = column;
      const texts = column.texts.map(cellText);
      return (row) => codes[row] < 0 ? null : texts[codes[row]];
    }
    case "objects":
      return (row) => {
        const value = column.values[row];
        if (value === undefined || value === null || Number.isNaN(value)) return null;
        if (typeof value === "string") return cellText(value);
        if (typeof value === "number") return numberText(value);
        if (typeof value === "boolean" || typeof value === "bigint") return String(value);
        return refuseCell(name, row, value);
      };
    case "vector":
      return (row) => refuseCell(name, row, `a list of ${column.size} numbers`);
  }
}

/** Cells as lists of `size` numbers. @returns what throws a WeftError where one is none */
export function vectorCells(column: AnyColumn, size: number): Cells<ArrayLike<number>> {
  const { name } = column;
  if (column.kind === "vector") {
    if (column.size !== size) {
      throw new WeftError(
        `Cannot use column ${
          JSON.stringify(name)
        }: its lists have ${column.size} numbers, and ${size} are needed`,
      );
    }
    return (row) => column.values.subarray(row * size, (row + 1) * size);
  }
  if (column.kind !== "objects") {
    throw new WeftError(
      `Cannot use column ${JSON.stringify(name)}: its cells are no lists of ${size} numbers`,
    );
  }
  return (row) => {
    const list = column.values[row];
    const isList = Array.isArray(list) || list instanceof Float32Array ||
      list instanceof Float64Array;
    if (isList && list.length === size) return list;
    return refuseCell(name, row, list, `give a list of ${size} numbers`);
  };
}

function refuseText({ name, strayText }: TextColumn, row: number, text: string): never {
  if (strayText?.text !== text) return refuseCell(name, row, text);
  throw new WeftError(
    `Cannot take ${JSON.stringify(text.slice(0, 60))} in line ${strayText.line}, column ${
      JSON.stringify(name)
    }, for a number: give a number, or leave the cell empty`,
  );
}

/** @param row from 0; messages count from 1 */
function refuseCell(
  name: string,
  row: number,
  value: unknown,
  give = "give a number, or leave the cell empty",
): never {
  const what = typeof value === "object" || value === undefined
    ? Array.isArray(value) ? `a list of ${value.length}` : typeof value
    : JSON.stringify(typeof value === "string" ? value.slice(0, 60) : String(value));
  throw new WeftError(
    `Cannot take ${what} in row ${row + 1}, column ${JSON.stringify(name)}, for a ${
      give.includes("list") ? "list of numbers" : "number"
    }: ${give}`,
  );
}

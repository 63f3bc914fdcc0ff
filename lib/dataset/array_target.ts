/** What arrays say of rows, as a column: so that the rules for tables hold for them. */
import { kindOf } from "../checks.ts";
import { UsageError, WeftError } from "../errors.ts";
import type { NdArray } from "./formats/element_types.ts";
import type { NdTexts } from "./formats/npy.ts";
import { type Column, HOLES, type TextColumn } from "./table.ts";

/** A class or number a row, or several numbers. */
export type ArrayTarget =
  | NdArray
  | NdTexts
  | readonly (string | number | boolean | bigint)[];

/**
 * The column of an array: [N] or [N, 1], or [N, T] for several numbers.
 *
 * @param rows   that there must be, N
 * @param name   of the column, and how messages call the array
 * @param cannot what cannot be done otherwise
 * @throws {UsageError} if it is none, or has another shape
 * @throws {WeftError} if a number is none
 */
export function targetColumn(
  target: ArrayTarget,
  rows: number,
  name: string,
  cannot: string,
): Column {
  if (Array.isArray(target)) return listColumn(target, rows, name, cannot);
  const { shape, values, dtype } = (target ?? {}) as NdArray | NdTexts;
  if (!Array.isArray(shape) || values === undefined) {
    throw new UsageError(
      `${cannot}: ${name} is ${kindOf(target)}; give an array, as readNpy returns it, or a list`,
    );
  }
  const [count, size = 1, ...more] = shape;
  if (shape.length === 0 || more.length > 0 || size < 1) {
    throw new UsageError(
      `${cannot}: ${name} has the shape ${
        shape.join(" x ") || "of one number"
      }; give one of rows, or rows x targets`,
    );
  }
  if (values.length !== count * size) {
    throw new UsageError(
      `${cannot}: ${name} has ${values.length} values for the shape ${shape.join(" x ")}`,
    );
  }
  requireRows(count, rows, name, cannot);
  if (dtype === "text") {
    if (size === 1) return textColumn(values as readonly string[], name, cannot);
    throw new UsageError(`${cannot}: ${name} has ${size} texts a row; give one`);
  }
  const numbers = (target as NdArray).values;
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new WeftError(
      `${cannot}: ${name} is ${numbers[wrong]} in row ${
        Math.floor(wrong / size)
      }; leave the row out, or give a number`,
    );
  }
  if (size > 1) return { kind: "vector", name, size, values: Float32Array.from(numbers) };
  if (dtype !== "bool") return { kind: "number", name, values: numbers };
  return { kind: "text", name, codes: numbers, texts: ["false", "true"] };
}

function listColumn(
  list: readonly unknown[],
  rows: number,
  name: string,
  cannot: string,
): Column {
  requireRows(list.length, rows, name, cannot);
  const wrong = list.findIndex((value) =>
    !["string", "boolean", "bigint"].includes(typeof value) && !Number.isFinite(value)
  );
  if (wrong >= 0) {
    throw new UsageError(
      `${cannot}: ${name}[${wrong}] is ${kindOf(list[wrong])}; give a text or a number`,
    );
  }
  const areNumbers = list.every((value) => typeof value === "number" || typeof value === "bigint");
  if (areNumbers) return { kind: "number", name, values: list.map(Number) };
  return textColumn(list.map(String), name, cannot);
}

function textColumn(values: readonly string[], name: string, cannot: string): TextColumn {
  const hole = values.findIndex((text) => HOLES.has(text.trim()));
  if (hole >= 0) {
    throw new WeftError(
      `${cannot}: ${name} has no class in row ${hole} (${
        JSON.stringify(values[hole])
      }); leave the row out, or name its class`,
    );
  }
  const places = new Map<string, number>();
  const codes = Int32Array.from(values, (text) => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  });
  return { kind: "text", name, codes, texts: [...places.keys()] };
}

function requireRows(count: number, rows: number, name: string, cannot: string): void {
  if (count === rows) return;
  throw new UsageError(
    `${cannot}: the inputs have ${rows} rows, and ${name} has ${count}; give arrays that belong together`,
  );
}

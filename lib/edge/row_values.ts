/** Rows as callers in JavaScript have them, as the numbers that a predictor takes. */

import { UsageError } from "../errors.ts";
import type { PredictorInput } from "./predictor.ts";

/** N x I numbers, row-major; or a list of N rows with I numbers each. */
export type Rows = Uint8Array | Float32Array | readonly (ArrayLike<number>)[];

/**
 * @throws {UsageError} where a row has another length, or a number is none that the model takes; arrays of numbers as a whole
 * are checked by those who compute with them
 */
export function valuesOf(
  rows: Rows,
  { inputs, element }: PredictorInput,
): Uint8Array | Float32Array {
  if (!Array.isArray(rows)) return rows as Uint8Array | Float32Array;
  const values = new (element ? Float32Array : Uint8Array)(rows.length * inputs);
  rows.forEach((row: ArrayLike<number>, i) => {
    if (row?.length !== inputs) {
      throw new UsageError(
        `Cannot predict: row ${i} has ${
          row?.length ?? "no"
        } numbers, and the model takes ${inputs}`,
      );
    }
    for (let j = 0; j < inputs; j++) {
      const value = row[j];
      if (
        element ? Number.isFinite(value) : Number.isInteger(value) && value >= 0 && value <= 255
      ) {
        values[i * inputs + j] = value;
        continue;
      }
      throw new UsageError(
        `Cannot predict: number ${j} of row ${i} is ${
          String(value).slice(0, 40)
        }, and the model takes ${element ? "finite numbers" : "whole numbers from 0 to 255"}`,
      );
    }
  });
  return values;
}

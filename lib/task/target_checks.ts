/** Checks of targets that tasks share. */
import { isArrayOf, refuse } from "../checks.ts";
import type { SampleTargets } from "../dataset/samples.ts";
import { UsageError, WeftError } from "../errors.ts";
import type { LossOptions } from "./task.ts";

/** Bytes of 0 and 1, `columns` a row. */
export function requireYesAndNo(
  { values, columns, known }: SampleTargets,
  rows: number,
  cannot: string,
  name: string,
): void {
  const what = "a Uint8Array, 1 for yes and 0 for no";
  if (!isArrayOf("Uint8Array", values)) refuse(cannot, `${name}.labels`, values, what);
  requireCount(values.length, columns, rows, cannot, "labels");
  const at = values.findIndex((value) => value > 1);
  if (at < 0 || known !== undefined) return;
  throw new WeftError(
    `${cannot}: ${name}.labels has ${values[at]} in row ${
      Math.floor(at / columns)
    }; give 1 for yes and 0 for no`,
  );
}

export function requireCount(
  count: number,
  columns: number,
  rows: number,
  cannot: string,
  what: string,
): void {
  if (Number.isInteger(columns) && columns >= 1 && count === rows * columns) return;
  throw new WeftError(
    `${cannot}: there are ${count} ${what} for ${rows} rows; give as many for each row`,
  );
}

const CLASS_OPTIONS = { labelSmoothing: 0, classWeights: "none" } as const;
const OTHERS = { positiveWeight: 1, huber: 0, distance: "squared", threshold: 0.5 } as const;
const WITHOUT = { ...CLASS_OPTIONS, ...OTHERS };

/** @throws {UsageError} where an option other than `taken` has another value than that without effect */
export function requireOnly(
  options: LossOptions,
  task: string,
  ...taken: (keyof LossOptions)[]
): void {
  for (const [name, value] of Object.entries(WITHOUT)) {
    const given = options[name as keyof LossOptions];
    if (given === undefined || given === value || taken.includes(name as keyof LossOptions)) {
      continue;
    }
    throw new UsageError(
      `Cannot train with ${name} = ${given}: the task ${task} does not take it; leave it out`,
    );
  }
}

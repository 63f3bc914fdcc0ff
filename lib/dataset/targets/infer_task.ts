/** Finds out what is to be learned from the columns to predict. */
import { UsageError, WeftError } from "../../errors.ts";
import { strayIn } from "../preprocessing/column_facts.ts";
import { areDates, writtenNumbersIn } from "../preprocessing/written_forms.ts";
import { TASK_NAMES, type TaskName } from "../samples.ts";
import type { Column } from "../table.ts";
import { type DistinctValues, distinctValues } from "./distinct_values.ts";

/** Whole numbers with more distinct values are no classes unless somebody says so. */
const MOST_NUMBERED_CLASSES = 20;
/** Labels are bytes. */
export const MOST_CLASSES = 256;
const MOST_LABELS = 1000;
/** Fewer classes of one row each may be all that there is. */
const LEAST_IDENTIFIERS = 20;

export interface TaskChoice {
  readonly task?: TaskName | "auto";
  readonly separator?: string;
  readonly positive?: string;
}

export interface InferredTask {
  readonly task: TaskName;
  readonly why: string;
}

/**
 * The task: what was asked for, or what the cells look like.
 *
 * @param columns to predict
 * @throws {UsageError} if they cannot be what is asked for
 */
export function inferTask(
  columns: readonly Column[],
  rows: number,
  { task = "auto", separator, positive }: TaskChoice,
): InferredTask {
  if (task !== "auto" && !TASK_NAMES.includes(task)) {
    throw new UsageError(
      `Cannot train for the task "${task}": tasks are auto, ${TASK_NAMES.join(", ")}`,
    );
  }
  requireSeparator(columns, separator, task);
  const inferred = task === "auto"
    ? infer(columns, rows, separator)
    : { task, why: "as asked for" };
  if (positive !== undefined && inferred.task !== "binary") {
    throw new UsageError(
      `Cannot take ${
        JSON.stringify(positive)
      } for the positive value: the task is ${inferred.task} (${inferred.why}), ` +
        "and only binary tasks have one; leave it out",
    );
  }
  const isSeveral = columns.length > 1 || columns[0].kind === "vector";
  const isForOne = inferred.task === "classification" || inferred.task === "binary";
  if (isSeveral && isForOne) {
    throw new UsageError(
      `Cannot train for the task ${inferred.task} with ${columns.length} targets: it takes one column`,
    );
  }
  return inferred;
}

function requireSeparator(
  columns: readonly Column[],
  separator: string | undefined,
  task: TaskName | "auto",
): void {
  if (separator === undefined) return;
  const cannot = `Cannot separate labels by ${JSON.stringify(separator)}`;
  if (separator === "") throw new UsageError(`${cannot}: it is empty; give a character`);
  if (columns.length > 1) {
    throw new UsageError(`${cannot}: there are ${columns.length} targets; give one column`);
  }
  if (columns[0].kind === "vector") {
    throw new UsageError(`${cannot}: ${JSON.stringify(columns[0].name)} has lists of numbers`);
  }
  if (task === "auto" || task === "multi-label") return;
  throw new UsageError(`${cannot}: the task is ${task}, and only multi-label tasks have labels`);
}

function infer(
  columns: readonly Column[],
  rows: number,
  separator: string | undefined,
): InferredTask {
  if (separator !== undefined) {
    return { task: "multi-label", why: `labels separated by ${JSON.stringify(separator)}` };
  }
  const [first] = columns;
  if (columns.length > 1 || first.kind === "vector") return inferOfSeveral(columns, rows);
  const name = JSON.stringify(first.name);
  requireNoStray(first);
  const found = distinctValues(first, rows);
  const { values, areNumbers, areWhole } = found;
  const { length } = values;
  const isClass = !areNumbers || (areWhole && length <= MOST_NUMBERED_CLASSES);
  if (!areNumbers && areDates(values)) {
    throw new UsageError(
      `Cannot predict column ${name}: it holds dates, such as ${
        JSON.stringify(values[0])
      }; give numbers, such as days, ` +
        "or say that they are classes with the task classification",
    );
  }
  if (!isClass) return { task: "regression", why: `${name} has numbers` };
  const what = `${length} distinct ${areNumbers ? "whole numbers" : "texts"} in ${name}`;
  return { task: length === 2 ? "binary" : "classification", why: what };
}

function inferOfSeveral(columns: readonly Column[], rows: number): InferredTask {
  const text = columns.find(({ kind }) => kind === "text");
  if (text) {
    requireNoStray(text);
    throw new UsageError(
      `Cannot predict ${columns.length} targets: column ${
        JSON.stringify(text.name)
      } has texts, and several targets ` +
        "must be numbers, or labels of 0 and 1; give one of them",
    );
  }
  const areLabels = columns.every((column) => {
    if (column.kind === "vector") {
      return column.values.subarray(0, rows * column.size).every((it) => it === 0 || it === 1);
    }
    return distinctValues(column, rows).values.every((value) => value === "0" || value === "1");
  });
  return areLabels
    ? { task: "multi-label", why: "several targets of 0 and 1" }
    : { task: "regression", why: "several targets of numbers" };
}

/** @throws {WeftError} if numbers have a slip of the pen among them */
export function requireNoStray(column: Column): void {
  const written = writtenNumbersIn(column);
  if (written) {
    const { what, text, remedy } = written;
    throw new UsageError(
      `Cannot predict column ${JSON.stringify(column.name)}: its numbers have ${what}, such as ${
        JSON.stringify(text)
      }; ${remedy}, or say what they are with the task classification`,
    );
  }
  const stray = strayIn(column);
  if (stray === null) return;
  throw new WeftError(
    `Cannot predict column ${
      JSON.stringify(column.name)
    }: it has ${stray} among numbers; mend the cell, or empty it, ` +
      "so that its row is left out",
  );
}

/** @throws {UsageError | WeftError} if the values of a column cannot be classes */
export function requireClasses(
  { name }: Column,
  { values, counts }: DistinctValues,
  task: TaskName,
): void {
  const column = JSON.stringify(name);
  if (values.length < 2) {
    throw new WeftError(
      `Cannot learn ${column}: it is ${JSON.stringify(values[0])} in all ${
        counts[0]
      } rows; give rows that differ in it`,
    );
  }
  if (task === "binary" && values.length !== 2) {
    throw new UsageError(
      `Cannot train for the task binary: ${column} has ${values.length} distinct values (${
        values.slice(0, 3).map((value) => JSON.stringify(value)).join(", ")
      }, ...), and two are needed; use the task classification`,
    );
  }
  if (values.length <= MOST_CLASSES) return;
  throw new UsageError(
    `Cannot learn the classes of ${column}: it has ${values.length} distinct values, and ${MOST_CLASSES} are possible; ` +
      "predict another column, or numbers with the task regression",
  );
}

/** @throws {WeftError} if no class has two rows: what it is cannot be learned */
export function requireRepeated({ name, kind }: Column, counts: readonly number[]): void {
  if (counts.length < LEAST_IDENTIFIERS || counts.some((count) => count > 1)) return;
  const another = kind === "number" ? "numbers with the task regression" : "another column";
  throw new WeftError(
    `Cannot learn the classes of ${
      JSON.stringify(name)
    }: each of its ${counts.length} rows has another one ` +
      `(a date, an identifier?); give several rows of a class, or predict ${another}`,
  );
}

/** @throws {UsageError | WeftError} if there are none, or too many */
export function requireLabels(names: readonly string[], what: string): void {
  if (names.length > MOST_LABELS) {
    throw new UsageError(
      `Cannot learn the labels of ${what}: there are ${names.length}, and ${MOST_LABELS} are possible`,
    );
  }
  if (names.length > 0) return;
  throw new WeftError(`Cannot learn the labels of ${what}: no row has one; give rows with labels`);
}

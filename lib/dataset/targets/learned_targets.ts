/** What a data set has to learn: targets with their names, as its own rows have them. */
import { WeftError } from "../../errors.ts";
import { textCells } from "../preprocessing/cells.ts";
import type { Targets, TaskName } from "../samples.ts";
import type { Column } from "../table.ts";
import { classOrder, distinctValues } from "./distinct_values.ts";
import { requireClasses, requireLabels, type TaskChoice } from "./infer_task.ts";
import { positiveValue } from "./positive_value.ts";
import { classLabels, labelBits, labelsIn, targetNames, targetNumbers } from "./read_targets.ts";

export interface LearnedTargets {
  readonly targets: Targets;
  readonly classNames: readonly string[];
  readonly classCounts: readonly number[];
  readonly separator?: string;
  readonly notes: readonly string[];
}

/** @throws {UsageError | WeftError} if columns cannot be learned for that task */
export function learnedFrom(
  columns: readonly Column[],
  rows: number,
  task: TaskName,
  { positive, separator }: TaskChoice,
): LearnedTargets {
  switch (task) {
    case "classification":
    case "binary":
      return classesOf(columns[0], rows, task, positive);
    case "multi-label":
      return labelsOf(columns, rows, separator);
    case "regression":
      return numbersOf(columns, rows);
  }
}

function classesOf(
  column: Column,
  rows: number,
  task: "classification" | "binary",
  positive: string | undefined,
): LearnedTargets {
  const found = distinctValues(column, rows);
  requireClasses(column, found, task);
  if (task === "classification") {
    const { labels } = classLabels(column, rows, found.values);
    return {
      targets: { task, labels },
      classNames: found.values,
      classCounts: found.counts,
      notes: [],
    };
  }
  const { value, why } = positiveValue(found, positive, column.name);
  const classNames = found.values[0] === value ? found.values.toReversed() : found.values;
  const { labels } = classLabels(column, rows, classNames);
  const classCounts = classNames.map((name) => found.counts[found.values.indexOf(name)]);
  const note = `${JSON.stringify(value)} in ${
    JSON.stringify(column.name)
  } counts as positive (${why})`;
  return { targets: { task, labels }, classNames, classCounts, notes: [note] };
}

function labelsOf(
  columns: readonly Column[],
  rows: number,
  separator: string | undefined,
): LearnedTargets {
  const what = columns.map(({ name }) => JSON.stringify(name)).join(", ");
  const target = { names: columns.map(({ name }) => name), separator };
  const names = separator === undefined
    ? targetNames(columns)
    : classOrder(labelNames(columns[0], rows, separator));
  requireLabels(names, what);
  const { labels } = labelBits(columns, rows, target, names);
  const classCounts = names.map((_, label) => {
    let count = 0;
    for (let i = label; i < labels.length; i += names.length) count += labels[i];
    return count;
  });
  if (classCounts.every((count) => count === 0 || count === rows)) {
    throw new WeftError(
      `Cannot learn the labels of ${what}: all ${rows} rows have the same; give rows that differ in them`,
    );
  }
  const notes = names.filter((_, label) => classCounts[label] === rows || classCounts[label] === 0)
    .map((name) => `all rows have the same of the label ${JSON.stringify(name)}`);
  return {
    targets: { task: "multi-label", labels },
    classNames: names,
    classCounts,
    separator,
    notes,
  };
}

function labelNames(column: Column, rows: number, separator: string): Set<string> {
  const read = textCells(column);
  const names = new Set<string>();
  for (let row = 0; row < rows; row++) {
    for (const name of labelsIn(read(row), separator)) names.add(name);
  }
  return names;
}

function numbersOf(columns: readonly Column[], rows: number): LearnedTargets {
  const targets = targetNumbers(columns, rows);
  const names = targets.names!;
  const { values } = targets;
  const constant = names.filter((_, j) => {
    for (let i = j; i < values.length; i += names.length) if (values[i] !== values[j]) return false;
    return true;
  });
  if (constant.length === names.length) throw constantTargets(columns, rows, names, values[0]);
  const notes = constant.map((name) =>
    `the target ${JSON.stringify(name)} has one value in all rows`
  );
  return { targets, classNames: names, classCounts: [], notes };
}

function constantTargets(
  columns: readonly Column[],
  rows: number,
  names: readonly string[],
  value: number,
): WeftError {
  const cannot = `Cannot learn ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  const [{ kind }] = columns;
  const differ = kind !== "vector" &&
    columns.some((column) => distinctValues(column, rows).values.length > 1);
  if (differ) {
    return new WeftError(
      `${cannot}: float32, which numbers to predict are kept in, does not tell its values from ${value}; ` +
        "give it in another unit, or the difference from a number near them",
    );
  }
  const what = names.length === 1 ? `it is ${value} in all ${rows} rows` : "all rows have the same";
  return new WeftError(`${cannot}: ${what}; give rows that differ in it`);
}

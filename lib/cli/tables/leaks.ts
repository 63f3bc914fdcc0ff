/**
 * Columns that tell the target almost alone: mostly they became known with the target, or are a copy of it, and a model
 * that learns from them is of no use.
 *
 * Glossary: n rows that are looked at.
 */
import { numberCells, textCells } from "../../dataset/preprocessing/cells.ts";
import type { Targets } from "../../dataset/samples.ts";
import type { Column } from "../../dataset/table.ts";
import type { TableDataset } from "../../dataset/table_dataset.ts";
import { mostlyByIntervals, mostlyByValue } from "./one_column_rules.ts";

export interface Leak {
  readonly column: string;
  /** What it tells: the target, or one of several. */
  readonly target: string;
  /** Of the target's classes or of its variance, from 0 to 1. */
  readonly share: number;
}

/** Fewer rows may agree by chance. */
const LEAST_ROWS = 30;
/** Of more rows than these, every so manieth is looked at. */
const MOST_ROWS = 20_000;
/** Of what a column tells. */
const ALMOST_ALL = 0.99;
/** Of what is wrong where the largest class is always guessed, a leak leaves less than this. */
const LEFT_OVER = 0.1;
/** Values that stand in fewer rows each tell nothing but themselves. */
const ROWS_OF_VALUE = 5;
/** Labels or targets that are looked at. */
const MOST_TARGETS = 20;

export function leaksIn({ table, plan, targets, target, classNames, rows }: TableDataset): Leak[] {
  const step = Math.max(1, Math.ceil(rows / MOST_ROWS));
  const sample = Uint32Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
  if (sample.length < LEAST_ROWS) return [];
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const inputs = plan.columns.filter(({ role, kind }) =>
    role === "input" && (kind === "number" || kind === "category")
  );
  const named = targetsApart(targets, target.names, classNames, sample);
  return inputs.flatMap(({ name, kind }): Leak[] => {
    const column = columns.get(name)!;
    for (const { name: target, classes, numbers } of named) {
      const share = classes
        ? shareOfClasses(column, kind === "number", classes, sample)
        : shareOfNumbers(column, kind === "number", numbers!, sample);
      if (share !== null) return [{ column: name, target, share }];
    }
    return [];
  });
}

interface OneTarget {
  readonly name: string;
  /** One of the two, n each. */
  readonly classes?: Uint8Array;
  readonly numbers?: Float64Array;
}

function targetsApart(
  targets: Targets,
  names: readonly string[],
  classNames: readonly string[],
  sample: Uint32Array,
): OneTarget[] {
  const [name] = names;
  switch (targets.task) {
    case "classification":
    case "binary":
      return [{ name, classes: Uint8Array.from(sample, (row) => targets.labels[row]) }];
    case "multi-label":
      return classNames.slice(0, MOST_TARGETS).map((label, i) => ({
        name: label,
        classes: Uint8Array.from(sample, (row) => targets.labels[row * classNames.length + i]),
      }));
    case "regression": {
      const size = targets.names!.length;
      return targets.names!.slice(0, MOST_TARGETS).map((name, i) => ({
        name,
        numbers: Float64Array.from(sample, (row) => targets.values[row * size + i]),
      }));
    }
  }
}

/** The rows whose class the column tells; null where it is no leak. */
function shareOfClasses(
  column: Column,
  isNumber: boolean,
  classes: Uint8Array,
  sample: Uint32Array,
): number | null {
  const n = sample.length;
  const counts = new Uint32Array(256);
  for (const label of classes) counts[label]++;
  const guessed = Math.max(...counts) / n;
  const right = isNumber
    ? mostlyByIntervals(Array.from(sample, numberCells(column)), classes)
    : mostlyByValue(Array.from(sample, textCells(column)), classes, n / ROWS_OF_VALUE);
  const share = right / n;
  return share >= ALMOST_ALL && 1 - share <= LEFT_OVER * (1 - guessed) ? share : null;
}

/** The part of the target's variance that the column tells; null where it is no leak. */
function shareOfNumbers(
  column: Column,
  isNumber: boolean,
  numbers: Float64Array,
  sample: Uint32Array,
): number | null {
  const share = isNumber
    ? Math.max(
      correlation(Array.from(sample, numberCells(column)), numbers) ** 2,
      correlation(ranksOf(Array.from(sample, numberCells(column))), ranksOf(numbers)) ** 2,
    )
    : explained(Array.from(sample, textCells(column)), numbers);
  return share >= ALMOST_ALL ? share : null;
}

/** Of pairs without holes; 0 where one of them is always the same. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [n, sumA, sumB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i])) continue;
    n++;
    sumA += a[i];
    sumB += b[i];
  }
  if (n < LEAST_ROWS) return 0;
  const [meanA, meanB] = [sumA / n, sumB / n];
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i])) continue;
    const [x, y] = [a[i] - meanA, b[i] - meanB];
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  return squaresA > 0 && squaresB > 0 ? products / Math.sqrt(squaresA * squaresB) : 0;
}

/** Places in the sorted order, equal values sharing the mean of theirs; NaN of holes. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length).fill(NaN);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]] = (from + to) / 2;
    from = to + 1;
  }
  return ranks;
}

/** The part of the variance between the groups of equal values. */
function explained(values: readonly (string | null)[], numbers: Float64Array): number {
  const groups = new Map<string | null, { count: number; sum: number }>();
  values.forEach((value, i) => {
    const group = groups.get(value) ?? { count: 0, sum: 0 };
    groups.set(value, { count: group.count + 1, sum: group.sum + numbers[i] });
  });
  const n = numbers.length;
  if (groups.size * ROWS_OF_VALUE > n) return 0;
  const mean = numbers.reduce((a, b) => a + b, 0) / n;
  const all = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  let between = 0;
  for (const { count, sum } of groups.values()) between += count * (sum / count - mean) ** 2;
  return all > 0 ? between / all : 0;
}

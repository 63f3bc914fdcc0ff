/** Learns from the rows to train on what encodes all rows. */
import { WeftError } from "../../errors.ts";
import type { Column, Table, VectorColumn } from "../table.ts";
import { numberCells, textCells } from "./cells.ts";
import { compareTexts, medianOf } from "./column_facts.ts";
import type { ColumnPlan, Impute, PlannedColumn } from "./planned_columns.ts";
import type {
  CategoryInput,
  InputColumn,
  NumberInput,
  Preprocessing,
  TargetColumns,
  VectorInput,
} from "./preprocessing.ts";

/**
 * Fits medians, means, deviations and categories. Numbers are summed from the smallest to the largest, so that the order of
 * the rows has no effect, not even on the last bit.
 *
 * @param rows to train on, by number: nothing of other rows has an effect
 * @throws {WeftError} if a column has numbers so large that they cannot be standardized, or none that is one
 */
export function fitPreprocessing(
  table: Table,
  rows: Uint32Array,
  plan: ColumnPlan,
  target: TargetColumns = { names: [] },
): Preprocessing {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const inputs = plan.columns.filter(({ role }) => role === "input");
  const others = plan.columns.filter(({ role }) => role !== "input" && role !== "target");
  return {
    columns: inputs.map((planned) => fitColumn(columns.get(planned.name)!, rows, planned, plan)),
    ignored: others.map(({ name }) => name),
    target,
  };
}

function fitColumn(
  column: Column,
  rows: Uint32Array,
  { kind, asTheyAre }: PlannedColumn,
  { impute }: ColumnPlan,
): InputColumn {
  if (column.kind === "vector") return fitVector(column, rows, asTheyAre === true);
  return kind === "number" ? fitNumber(column, rows, impute) : fitCategory(column, rows);
}

function fitNumber(column: Column, rows: Uint32Array, imputing: Impute): NumberInput {
  const { name } = column;
  const read = numberCells(column);
  const values = new Float64Array(rows.length);
  let found = 0;
  for (const row of rows) {
    const value = read(row);
    if (!Number.isNaN(value)) values[found++] = value;
  }
  const sorted = values.subarray(0, found).sort();
  const holes = rows.length - found;
  const impute = found === 0 || imputing === "zero"
    ? 0
    : imputing === "mean"
    ? momentsOf(sorted, 0, 0, name).mean
    : medianOf(sorted);
  const { mean, std } = momentsOf(sorted, impute, holes, name);
  // JSON has no -0.
  return { kind: "number", name, impute: impute + 0, indicator: holes > 0, mean, std };
}

/** Mean and deviation of sorted numbers and of `times` times another one. */
function momentsOf(sorted: Float64Array, other: number, times: number, name: string) {
  const count = sorted.length + times;
  if (count === 0) return { mean: 0, std: 1 };
  const least = Math.min(...ends(sorted), ...times > 0 ? [other] : []);
  const most = Math.max(...ends(sorted), ...times > 0 ? [other] : []);
  // One value is only centered, as in scikit-learn; a mean of it would be off by a rounding.
  if (least === most) return { mean: least + 0, std: 1 };
  let sum = times * other;
  for (const value of sorted) sum += value;
  const mean = sum / count + 0;
  // In a unit near the largest distance, whose squares are neither beyond float64 nor lost. A power of two rounds nothing.
  const unit = 2 ** Math.floor(Math.log2(Math.max(mean - least, most - mean)));
  let squares = times * ((other - mean) / unit) ** 2;
  for (const value of sorted) squares += ((value - mean) / unit) ** 2;
  const std = unit * Math.sqrt(squares / count);
  if (!Number.isFinite(std)) {
    throw new WeftError(
      `Cannot standardize column ${
        JSON.stringify(name)
      }: it has numbers from ${least} to ${most}, whose sum is ` +
        "beyond float64; give it in another unit, or leave it out",
    );
  }
  // What differs by roundings of its mean alone counts as one value, as in scikit-learn.
  const isConstant = std <= count * Number.EPSILON * Math.abs(mean);
  return { mean, std: isConstant ? 1 : std };
}

const ends = (sorted: Float64Array) =>
  sorted.length === 0 ? [] : [sorted[0], sorted[sorted.length - 1]];

function fitCategory(column: Column, rows: Uint32Array): CategoryInput {
  const read = textCells(column);
  const values = new Set<string>();
  let hole = false;
  for (const row of rows) {
    const value = read(row);
    if (value === null) hole = true;
    else values.add(value);
  }
  return { kind: "category", name: column.name, values: [...values].sort(compareTexts), hole };
}

function fitVector(
  { name, size, values }: VectorColumn,
  rows: Uint32Array,
  asTheyAre: boolean,
): VectorInput {
  if (asTheyAre) return { kind: "vector", name, size, mean: null, std: null };
  const [mean, std]: [number[], number[]] = [[], []];
  const numbers = new Float64Array(rows.length);
  for (let j = 0; j < size; j++) {
    rows.forEach((row, i) => numbers[i] = values[row * size + j]);
    const moments = momentsOf(numbers.sort(), 0, 0, `${name}[${j}]`);
    mean.push(moments.mean);
    std.push(moments.std);
  }
  return { kind: "vector", name, size, mean, std };
}

/** What is about to be trained on a table, in a few lines and as the log has it. */
import type { ColumnPlan, PlannedColumn } from "../../dataset/preprocessing/planned_columns.ts";
import {
  featureCount,
  type Preprocessing,
  widthOf,
} from "../../dataset/preprocessing/preprocessing.ts";
import type { Table } from "../../dataset/table.ts";
import type { TableDataset } from "../../dataset/table_dataset.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount, formatPercent } from "../../report/format.ts";
import { wrap } from "../../report/table.ts";
import type { FeaturesRecord } from "../../run_log/run/records.ts";
import type { RunOptions } from "../../train/options.ts";

/** Names in one line; the others are counted. */
const MOST_NAMES = 8;

/** Columns in a log, whose lines have an end. */
const MOST_RECORDED = 1000;

const PLURAL = { number: "numbers", category: "categories", vector: "lists", text: "texts" };

/** `iris.csv: 150 rows; species is learned (classification: 3 distinct texts) ...` in lines as wide as the page. */
export function tableLines({ dataset, run, name, preset, test }: {
  readonly dataset: TableDataset;
  readonly run: RunOptions;
  readonly name: string;
  readonly preset: string;
  readonly test: TableDataset | Table | null;
}): string {
  const { plan, preprocessing } = { plan: dataset.plan, preprocessing: run.preprocessing };
  const parts = [`${formatCount(dataset.rows)} rows to learn from`];
  if (test) parts.push(`${formatCount(test.rows)} to test`);
  const features = preprocessing ? `, ${counted(featureCount(preprocessing), "feature")}` : "";
  return [
    `${name}: ${parts.join(", ")}; preset ${preset}`,
    targetLine(dataset),
    `from ${inputsText(plan)}${features}`,
    ...holesLine(plan.columns, dataset.rows),
  ].map((line) => wrap(printable(line))).join("\n");
}

/** `survived is learned as binary (2 distinct texts in "survived"): no, yes; yes is positive`. */
export function targetLine({ target, targets, why, classNames }: TableDataset): string {
  const said = `${target.names.join(", ")}: ${targets.task} (${why})`;
  if (targets.task === "regression") return said;
  if (targets.task === "binary") return `${said}; positive: ${classNames[1]}, not ${classNames[0]}`;
  return `${said}; ${namesText(classNames)}`;
}

function inputsText({ columns }: ColumnPlan): string {
  const inputs = columns.filter(({ role }) => role === "input");
  const kinds = [...new Set(inputs.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const names = inputs.filter((column) => column.kind === kind).map((column) => column.name);
    return `${PLURAL[kind]} ${namesText(names)}`;
  }).join("; ");
}

function holesLine(columns: readonly PlannedColumn[], rows: number): string[] {
  const holed = columns.filter(({ role, holes }) => role === "input" && holes > 0);
  if (holed.length === 0) return [];
  const texts = holed.map(({ name, holes }) => `${name} ${formatPercent(holes / rows, 1)}`);
  return [`missing: ${namesText(texts)}`];
}

function namesText(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `${shown} and ${formatCount(more)} more` : shown;
}

function counted(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** What the log says of the columns, up to `MOST_RECORDED`. */
export function columnsOf(
  preprocessing: Preprocessing,
  { columns }: ColumnPlan,
): NonNullable<FeaturesRecord["columns"]> {
  const holes = new Map(columns.map((column) => [column.name, column.holes]));
  return preprocessing.columns.slice(0, MOST_RECORDED).map((column) => ({
    name: column.name,
    kind: column.kind,
    features: widthOf(column),
    holes: holes.get(column.name) ?? 0,
  }));
}

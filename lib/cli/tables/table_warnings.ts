/** What to mind about a table before it is trained on, and what to do about it, a line each. */
import type { PlannedColumn } from "../../dataset/preprocessing/planned_columns.ts";
import type { TableDataset } from "../../dataset/table_dataset.ts";
import { formatPercent } from "../../report/format.ts";
import { quoted } from "../../run_log/search/trial_command.ts";
import { leaksIn } from "./leaks.ts";

/** A class with a larger part of the rows is worth a word. */
const LARGE_PART = 0.9;
/** Of rows of a class: with fewer, what is measured is chance. */
const FEW_ROWS = 10;

export function warningsOf({ columns, texts, dataset, problem }: {
  readonly columns: readonly PlannedColumn[];
  /** Columns of text that is neither number nor category. */
  readonly texts: readonly string[];
  /** What is learned; null where nothing is, or can be. */
  readonly dataset: TableDataset | null;
  /** Why training would refuse. */
  readonly problem: string | null;
}): string[] {
  return [
    ...problem === null ? [] : [problem],
    ...texts.length === 0 || problem !== null ? [] : [textWarning(texts)],
    ...dataset ? [...classWarnings(dataset), ...leakWarnings(dataset)] : [],
    ...columns.filter(({ role, kind }) => role === "input" && kind !== "text")
      .flatMap(columnWarnings),
  ];
}

function textWarning(names: readonly string[]): string {
  const [what, are] = names.length === 1
    ? [`column ${JSON.stringify(names[0])}`, "is"]
    : [`columns ${names.map((name) => JSON.stringify(name)).join(", ")}`, "are"];
  return `${what} ${are} neither numbers nor categories (dates, identifiers?): leave ${
    names.length === 1 ? "it" : "them"
  } out with --ignore ${quoted(names.join(","))}`;
}

function columnWarnings({ name, notes }: PlannedColumn): string[] {
  return notes.map((note) => {
    const perhaps = ": leave it out if it is";
    const isTold = note.endsWith(", or leave it out");
    const [what, remedy] = note.endsWith(perhaps)
      ? [note.slice(0, -perhaps.length), "if it is one, leave it out"]
      : isTold
      ? note.split(": ")
      : [note, "it says nothing, leave it out"];
    return `column ${JSON.stringify(name)} ${what}: ${remedy} with --ignore ${quoted(name)}`;
  });
}

function classWarnings({ targets, classNames, classCounts, rows }: TableDataset): string[] {
  const { task } = targets;
  if (task !== "binary" && task !== "classification") return [];
  const largest = classCounts.indexOf(Math.max(...classCounts));
  const part = classCounts[largest] / rows;
  const name = JSON.stringify(classNames[largest]);
  const few = classNames.filter((_, i) => classCounts[i] < FEW_ROWS);
  const [measure, remedy] = task === "binary"
    ? ["the PR AUC", "--class-weights balanced or --threshold f1"]
    : ["the macro F1", "--class-weights balanced"];
  return [
    ...part < LARGE_PART ? [] : [
      `${formatPercent(part, 1)} of the rows are ${name}: always to say that is as accurate; ` +
      `look at ${measure}, and try ${remedy}`,
    ],
    ...few.length === 0 ? [] : [
      `${few.length === 1 ? "the class" : "the classes"} ${
        few.slice(0, 5).map((name) => JSON.stringify(name)).join(", ")
      }${
        few.length > 5 ? ` and ${few.length - 5} more have` : few.length > 1 ? " have" : " has"
      } ` +
      `fewer than ${FEW_ROWS} rows: get more of them, or measure with --folds`,
    ],
  ];
}

function leakWarnings(dataset: TableDataset): string[] {
  return leaksIn(dataset).map(({ column, target, share }) => {
    const of = dataset.targets.task === "regression"
      ? `${formatPercent(share, 1)} of its variance`
      : `${formatPercent(share, 1)} of the rows`;
    return `column ${JSON.stringify(column)} tells ${
      JSON.stringify(target)
    } almost alone (${of}): ` +
      `if it is known only together with it, leave it out with --ignore ${quoted(column)}`;
  });
}

/** `data FILE`: what would be trained on a table: its columns, its target, and what to mind about them. */
import { PRESETS } from "../../config/presets.ts";
import { describeColumns } from "../../dataset/preprocessing/column_plan.ts";
import { featureNames } from "../../dataset/preprocessing/preprocessing.ts";
import { samplesOf } from "../../dataset/samples.ts";
import { pickRows, type TableDataset } from "../../dataset/table_dataset.ts";
import { splitRows } from "../../dataset/split_rows.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { RunOptions } from "../../train/options.ts";
import { prepareRun } from "../../train/tables/prepare.ts";
import type { TableOptions } from "../options/tables.ts";
import { print, printJson } from "../output.ts";
import { dataReport } from "./data_report.ts";
import type { DescribedTable, Preview } from "./described_table.ts";
import { digestsOf, type ReadTable } from "./read_table.ts";
import { resolved, tableDataset, type TableFiles } from "./table_source.ts";
import { testFraction } from "./test_fraction.ts";
import { warningsOf } from "./table_warnings.ts";
import { openWindows, windowSource } from "./window_source.ts";

const PREVIEWED = 3;

/**
 * @throws {UsageError} if a column is named that there is not
 * @throws {WeftError} if windows cannot be cut
 */
export function dataTable({ file, testFile, given }: TableFiles, json = false): number {
  const described = describe(file, given, testFile);
  if (json) printJson({ ...described, preset: "tabular" });
  else print(dataReport(described));
  return 0;
}

function describe(
  file: ReadTable,
  given: TableOptions,
  testFile: ReadTable | null,
): DescribedTable {
  const { table, title: name } = file;
  const sha256 = digestsOf(file, testFile);
  const options = resolved(given, table);
  const { target, weights, splitBy: groups } = options;
  const columns = describeColumns(table, { targets: target, weights, groups }, options);
  const texts = columns.filter(({ role, kind }) => role === "input" && kind === "text")
    .map((column) => column.name);
  const base = { name, sha256, rows: table.rows, columns, target };
  const unlearned = {
    ...base,
    dropped: 0,
    task: null,
    why: null,
    classes: [],
    positive: null,
    parts: null,
    refusal: null,
    notes: table.notes,
    preview: null,
  };
  if (target.length === 0) {
    return { ...unlearned, warnings: warningsOf({ columns, texts, dataset: null, problem: null }) };
  }
  let refusal: string | null = null;
  try {
    if (texts.length > 0) refusal = refusalOf(() => tableDataset(file, options));
    const ignore = [...options.ignore, ...texts];
    const { dataset } = tableDataset(file, { ...options, ignore });
    const learned = options.window === undefined
      ? learn(dataset, options, testFile)
      : learnWindows({ file, testFile, given: { ...options, ignore } });
    const { notes, run, problem } = learned;
    return {
      ...base,
      dropped: dataset.dropped,
      task: dataset.targets.task,
      why: dataset.why,
      classes: dataset.classCounts.map((rows, i) => ({ name: dataset.classNames[i], rows })),
      positive: dataset.targets.task === "binary" ? dataset.classNames[1] : null,
      parts: run && partsOf(run),
      refusal: refusal ?? problem,
      warnings: warningsOf({ columns, texts, dataset, problem: refusal ?? problem }),
      notes,
      preview: run && previewOf(run),
    };
  } catch (error) {
    // One class, or no row with a target: the columns are worth showing all the same.
    const isOwn = error instanceof UsageError && refusal === null;
    if (!(error instanceof WeftError) || isOwn) throw error;
    const problem = refusal ?? error.message;
    const warnings = warningsOf({ columns, texts, dataset: null, problem });
    return { ...unlearned, refusal: problem, warnings };
  }
}

function refusalOf(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    return error.message;
  }
}

/** What training makes of the rows; without a run where they cannot be split. */
function learn(
  all: TableDataset,
  { test, splitLast }: ReturnType<typeof resolved>,
  testFile: ReadTable | null,
): { notes: readonly string[]; run: RunOptions | null; problem: string | null } {
  const config = PRESETS.tabular;
  const { splitSeed: seed } = config;
  const isLast = splitLast !== undefined;
  try {
    const fraction = testFraction(test);
    const parts = fraction === null ? null : splitRows(all, { fraction, seed, last: isLast });
    const train = parts ? pickRows(all, parts.train) : all;
    const held = parts ? pickRows(all, parts.validation) : testFile?.table ?? null;
    const split = isLast ? splitRows(train, { fraction: splitLast, seed, last: true }) : undefined;
    const run = prepareRun({ train, test: held, split }, config);
    return { notes: run.notes ?? [], run, problem: null };
  } catch (error) {
    if (!(error instanceof WeftError) || error instanceof UsageError) throw error;
    return { notes: all.notes, run: null, problem: error.message };
  }
}

/** The same of windows. */
function learnWindows(files: TableFiles): ReturnType<typeof learn> {
  const config = PRESETS.tabular;
  const begun = { config, preset: "tabular", continuing: {} };
  const { windows } = openWindows(files);
  try {
    const { options } = windowSource(files, {}, begun).prepare(config, null);
    const { length, stride, rows } = windows;
    const cut = `${rows} windows of ${length} rows, one every ${stride} rows`;
    return { notes: [cut, ...options.notes ?? []], run: options, problem: null };
  } catch (error) {
    if (!(error instanceof WeftError) || error instanceof UsageError) throw error;
    return { notes: windows.notes, run: null, problem: error.message };
  }
}

function partsOf({ train, validation: held, split, test }: RunOptions) {
  const validation = split?.validation.length ?? 0;
  return {
    train: train.rows - validation,
    validation: held?.rows ?? validation,
    test: test?.rows ?? 0,
  };
}

function previewOf({ train, preprocessing }: RunOptions): Preview {
  const features = featureNames(preprocessing!);
  const { values } = samplesOf(train);
  const count = Math.min(PREVIEWED, train.rows);
  const first = typeof values === "function" ? values(0, count) : values;
  const rows = Array.from(
    { length: count },
    (_, row) => Array.from(first.subarray(row * features.length, (row + 1) * features.length)),
  );
  return { features, rows };
}

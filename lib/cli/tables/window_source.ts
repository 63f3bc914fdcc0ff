/** Windows of a table as what runs are trained on. */
import type { TrainConfig } from "../../config/options.ts";
import type { Fold } from "../../dataset/folds.ts";
import { foldRows } from "../../dataset/split_rows.ts";
import { splitWindows } from "../../dataset/windows/split_windows.ts";
import { pickWindows, type WindowDataset, windowsOf } from "../../dataset/windows/windows.ts";
import { UsageError } from "../../errors.ts";
import { printable } from "../../report/display_width.ts";
import { formatCount } from "../../report/format.ts";
import { wrap } from "../../report/table.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import { prepareWindows, requireApart } from "../../train/tables/prepare_windows.ts";
import type { Begun } from "../opened_data.ts";
import type { PreparedRun, RunSource } from "../run_source.ts";
import { digestsOf } from "./read_table.ts";
import { columnsOf, tableLines } from "./table_lines.ts";
import { columnOptions, type TableFiles } from "./table_source.ts";
import { testFraction } from "./test_fraction.ts";

/** @throws {UsageError | WeftError} as `windowsOf` and `splitWindows` */
export function openWindows({ file, given }: TableFiles, from?: Begun["continuing"]["from"]) {
  const { asked, options } = columnOptions(file, given, from);
  const { weights, ...others } = asked;
  if (weights !== undefined) {
    throw new UsageError(
      "Cannot use --weights with --window: rows of a window count together; leave it out",
    );
  }
  const { window, stride } = given;
  return { options, windows: windowsOf(file.table, { ...others, length: window!, stride }) };
}

/** @param said for the log */
export function windowSource(
  files: TableFiles,
  said: Readonly<Record<string, ConfigValue>>,
  { config: { splitSeed }, preset, continuing }: Begun,
): RunSource {
  const { file, testFile, given: { gap, splitLast, test: asked } } = files;
  const { windows: all } = openWindows(files, continuing.from);
  const fraction = testFile ? null : testFraction(asked);
  const parts = fraction === null ? null : splitWindows(all, {
    fraction,
    seed: splitSeed,
    last: splitLast !== undefined,
    gap,
  });
  const train = parts ? pickWindows(all, parts.train) : all;
  const test = parts ? pickWindows(all, parts.validation) : testFile?.table ?? null;
  const prepare = (config: TrainConfig, fold: Fold | null): PreparedRun => {
    const run = prepareWindows({ train, test, gap, splitLast, fold, ...continuing }, config);
    const { ends } = train;
    const dataset = { ...ends, plan: train.plan };
    const lines = tableLines({ dataset, run, name: file.title, preset, test: null });
    return {
      options: run,
      columns: run.preprocessing && columnsOf(run.preprocessing, train.plan),
      report: `${windowLine(train, run.test?.rows ?? 0, file.title)}\n${
        lines.slice(lines.indexOf("\n") + 1)
      }`,
      testImages: null,
    };
  };
  return {
    name: file.title,
    sha256: digestsOf(file, testFile),
    config: said,
    images: null,
    prepare,
    requireParts(config, folds) {
      if (folds === undefined) return void prepare(config, null);
      requireApart(train, gap);
      foldRows(train.ends, folds, config.splitSeed);
    },
  };
}

/** `sensor.csv: 799 windows of 50 rows, one every 25 rows; 159 to test`. */
function windowLine({ rows, length, stride }: WindowDataset, test: number, name: string): string {
  const line =
    `${name}: ${
      formatCount(rows)
    } windows of ${length} rows to learn from, one every ${stride} rows` +
    (test > 0 ? `, ${formatCount(test)} to test` : "");
  return wrap(printable(line));
}

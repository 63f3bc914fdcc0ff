/** Tables whose columns are pixels, such as Kaggle's `label,pixel0,...`, as images. */
import { imagesOfTable, pixelColumns, pixelsOf } from "../../dataset/table_images.ts";
import type { FeatureSamples } from "../../dataset/pick_samples.ts";
import { pickTableRows } from "../../dataset/table_rows.ts";
import {
  classLabels,
  rowsWithTargets,
  targetColumnsOf,
} from "../../dataset/targets/read_targets.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { TableOptions } from "../options/tables.ts";
import { columnNames } from "../tables/column_names.ts";
import { digestsOf, type ReadTable } from "../tables/read_table.ts";
import type { ReadSamples } from "./samples_source.ts";

/** Options that only a table of columns has: who gives one wants that. */
const OF_COLUMNS = [
  "numbers",
  "categories",
  "impute",
  "weights",
  "separator",
  "positive",
  "splitBy",
  "window",
] as const;

/** The target and the columns of pixels, if the table is to be taken for images; else null. */
export function imageColumns({ table }: ReadTable, given: TableOptions) {
  if (OF_COLUMNS.some((name) => given[name] !== undefined)) return null;
  const pixels = pixelColumns(table);
  if (!pixels) return null;
  const names = table.columns.map(({ name }) => name);
  const [target, ...more] = columnNames(given.target, names);
  const ignore = columnNames(given.ignore, names);
  const left = pixels.others.filter((name) => name !== target && !ignore.includes(name));
  const isAll = target !== undefined && more.length === 0 && left.length === 0;
  return isAll ? { target, ignore, pixels } : null;
}

/** @throws as `imagesOfTable` */
export function pixelSamples(
  file: ReadTable,
  testFile: ReadTable | null,
  { target, ignore, pixels }: NonNullable<ReturnType<typeof imageColumns>>,
): ReadSamples {
  const { features, rows, shape, targets, classNames, classCounts, why, notes } = imagesOfTable(
    file.table,
    { target, ignore, columns: pixels },
  );
  const test = testFile &&
    labeledPixels(testFile, { target, names: pixels.names, shape, classNames });
  return {
    name: file.name,
    title: file.title,
    train: { features, rows, shape, targets },
    ...test ? { test: test.data } : {},
    classNames,
    classCounts,
    why,
    notes: [...file.table.notes, ...notes, ...test?.notes ?? []],
    sha256: digestsOf(file, testFile),
  };
}

/**
 * Pixels with a class each, as those of known images.
 *
 * @param names of the columns of pixels
 * @throws {WeftError} if a pixel is none, or no row has a class
 */
export function labeledPixels(
  { table, name }: ReadTable,
  { target, names, shape, classNames }: {
    readonly target: string;
    readonly names: readonly string[];
    readonly shape: readonly number[];
    readonly classNames: readonly string[] | undefined;
  },
): { readonly data: FeatureSamples; readonly notes: readonly string[] } {
  const cannot = `Cannot use the images of ${name}`;
  if (classNames === undefined) {
    throw new UsageError(
      `${cannot}: its targets are numbers; give a part of the rows, as --test 0.2`,
    );
  }
  const missing = `${cannot}: it lacks the target`;
  const kept = rowsWithTargets(
    targetColumnsOf(table, [target], missing),
    table.rows,
    "classification",
  );
  const own = kept ? pickTableRows(table, kept) : table;
  if (own.rows === 0) {
    throw new WeftError(`${cannot}: none of its ${table.rows} rows has a target`);
  }
  const { labels, others } = classLabels(
    targetColumnsOf(own, [target], missing)[0],
    own.rows,
    classNames,
  );
  const known = classNames.length;
  return {
    data: {
      rows: own.rows,
      features: pixelsOf(own, names, cannot),
      shape,
      targets: { task: "classification", labels, ...others.length > 0 ? { known } : {} },
    },
    notes: others.map((other) =>
      `the class ${JSON.stringify(other)} is not trained on: its rows count as errors`
    ),
  };
}

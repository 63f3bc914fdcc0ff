/** Opens the argument DATA of `train`, whatever it is: what runs are trained on, and which preset suits that. */
import { resolve } from "node:path";
import { UsageError } from "../errors.ts";
import type { ConfigValue } from "../run_log/run/records.ts";
import { pathOf } from "./data_argument.ts";
import { type DataKind, kindOfData, STDIN } from "./data_kind.ts";
import { flagOf, TABLE_OPTION_NAMES, type TableOptions } from "./options/tables.ts";
import type { OpenedData } from "./opened_data.ts";
import { areRows, arrayRows } from "./samples/array_rows.ts";
import { arraySamples } from "./samples/array_samples.ts";
import { imageSamples } from "./samples/image_files.ts";
import { imageColumns, pixelSamples } from "./samples/pixel_table.ts";
import { readArrays } from "./samples/read_arrays.ts";
import { openSamples, type ReadSamples, requireOnly } from "./samples/samples_source.ts";
import { columnNames } from "./tables/column_names.ts";
import { readTables, type TableFiles, tableSource } from "./tables/table_source.ts";
import { testFraction } from "./tables/test_fraction.ts";
import { windowSource } from "./tables/window_source.ts";

const OF_ARRAYS = ["target", "task", "test", "splitLast", "positive", "inputs", "testInputs"];
const ALLOWED = {
  folder: ["test", "splitLast", "size", "channels", "skipBroken"],
  arrays: [...OF_ARRAYS, "testTarget"],
} as Readonly<Record<"folder" | "arrays", readonly (keyof TableOptions)[]>>;

/** What only other kinds of data have. */
const NOT_OF_ROWS = ["inputs", "testInputs", "testTarget", "size", "channels", "skipBroken"];

/** What has been read: a table, or rows of one shape; and what was said of it, for the log. */
export type ReadData =
  & { readonly said: Readonly<Record<string, ConfigValue>> }
  & ({ readonly files: TableFiles } | { readonly samples: ReadSamples });

/** What runs are trained on. @throws as `readData` */
export async function openData(data: string, given: TableOptions): Promise<OpenedData> {
  const read = await readData(data, given);
  if ("samples" in read) return openSamples(read.samples, given, read.said);
  const { files, said } = read;
  const open = files.given.window === undefined ? tableSource : windowSource;
  return { preset: "tabular", source: (begun) => open(files, said, begun) };
}

/**
 * Reads data.
 *
 * @param data a path, or "-"
 * @throws {UsageError} if an option says nothing of such data, or something is not named
 * @throws {WeftError} if it cannot be read
 */
export async function readData(data: string, given: TableOptions): Promise<ReadData> {
  const kind = await kindOfData(data);
  switch (kind) {
    case "rows": {
      const options = TABLE_OPTION_NAMES.filter((name) => !NOT_OF_ROWS.includes(name));
      requireOnly(given, options, `the table ${data}`);
      requireWindow(given);
      const files = await readTables(data, given);
      const said = saidOf(data, kind, given, files);
      const images = imageColumns(files.file, given);
      if (!images) return { files, said };
      return { samples: pixelSamples(files.file, files.testFile, images), said };
    }
    case "arrays": {
      requireOnly(given, ALLOWED.arrays, `arrays (${data})`);
      const arrays = await readArrays(data, given);
      const said = saidOf(data, kind, given);
      if (areRows(arrays.train.inputs)) return { files: arrayRows(arrays, given), said };
      return { samples: arraySamples(arrays, given), said };
    }
    case "folder":
      requireOnly(given, ALLOWED.folder, `a folder of images (${data})`);
      if (given.test !== undefined && testFraction(given.test) === null) {
        throw new UsageError(
          `Cannot test with ${given.test}: of a folder of images, give a part such as 0.2, or a folder test/ in it`,
        );
      }
      return { samples: await imageSamples(data, given), said: saidOf(data, kind, given) };
    case "image":
      throw new UsageError(
        `Cannot train on ${data}: it is one image; name a folder with a folder of images for each class`,
      );
  }
}

function requireWindow({ window, stride, gap }: TableOptions): void {
  if (window !== undefined || (stride ?? gap) === undefined) return;
  const flag = stride === undefined ? "--gap" : "--stride";
  throw new UsageError(`Cannot use ${flag} without --window: give both, or leave it out`);
}

/** What was given, in the log's words: a run that resumes reads it again, wherever that is begun. */
export function saidOf(
  data: string,
  kind: DataKind,
  given: TableOptions,
  files?: Pick<TableFiles, "file">,
): Record<string, ConfigValue> {
  const columns = files?.file.table.columns.map(({ name }) => name);
  const said: Record<string, ConfigValue> = { data: absolute(data) };
  const whole = wholePaths(data, kind, given);
  for (const name of TABLE_OPTION_NAMES) {
    const value: ConfigValue | undefined = whole[name];
    const own = Array.isArray(value) && columns ? columnNames(value, columns) : value;
    if (own === undefined || (Array.isArray(own) && own.length === 0)) continue;
    said[name] = own;
  }
  return said;
}

/** The options with whole paths of files, for a process that begins elsewhere. */
export function wholePaths<O extends TableOptions>(data: string, kind: DataKind, given: O): O {
  const isFile = (text: string) =>
    kind === "arrays" && (!/\.npz(\.gz)?$/i.test(data) || /[./\\]/.test(text));
  const file = (text: string | undefined) =>
    text !== undefined && isFile(text) ? absolute(pathOf(text)) : text;
  const { target, inputs, testInputs, testTarget, test } = given;
  const isTestFile = test !== undefined && testFraction(test) === null;
  return {
    ...given,
    ...target && kind === "arrays" ? { target: target.map((text) => file(text)!) } : {},
    ...inputs === undefined ? {} : { inputs },
    ...testInputs === undefined ? {} : { testInputs: file(testInputs) },
    ...testTarget === undefined ? {} : { testTarget: file(testTarget) },
    ...isTestFile ? { test: absolute(pathOf(test)) } : {},
  };
}

const absolute = (path: string) => path === STDIN ? path : resolve(path);

/** Options that were given, as they are typed. */
export function typedOptions(given: TableOptions): string[] {
  return TABLE_OPTION_NAMES.flatMap((name) => {
    const value: ConfigValue | undefined = given[name];
    if (value === undefined) return [];
    if (value === true) return [flagOf(name)];
    // One argument each, so that no value is taken for an option.
    return [value].flat().map((text) => `${flagOf(name)}=${text}`);
  });
}

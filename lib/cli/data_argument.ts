/** The argument DATA of commands: a file or a folder of images, or a folder of IDX files as --data-dir names it. */
import { host } from "../host/mod.ts";
import { UsageError } from "../errors.ts";
import { isImageFolder, STDIN } from "./data_kind.ts";
import { DATA_FILES, flagOf, TABLE_OPTION_NAMES, type TableOptions } from "./options/tables.ts";
import { userPath } from "./places.ts";

/** What options are about that say nothing of tables. */
const OTHER_DATA: Partial<Record<keyof TableOptions, string>> = {
  inputs: "arrays",
  testInputs: "arrays",
  testTarget: "arrays",
  size: "images",
  channels: "images",
  skipBroken: "images",
};

interface DataOptions extends TableOptions {
  /** As typed. */
  readonly data?: string;
  readonly dataDir?: string;
}

/** The options with a folder of IDX files as `dataDir`, and `data` only where it is none: "-", or a path that can be read. */
export async function withData<O extends DataOptions>(options: O): Promise<O> {
  const { data: typed, dataDir } = options;
  if (typed !== undefined && dataDir !== undefined) {
    throw new UsageError(
      `Cannot take data from ${typed} and from --data-dir ${dataDir} at once: leave out one of them`,
    );
  }
  const data = typed === undefined ? undefined : pathOf(typed);
  if (
    data !== undefined && (data === STDIN || !await isFolder(data) || await isImageFolder(data))
  ) {
    return { ...options, data };
  }
  const stray = TABLE_OPTION_NAMES.find((name) => options[name] !== undefined);
  if (stray !== undefined) {
    const flag = flagOf(stray);
    throw new UsageError(
      `Cannot use ${flag} without ${OTHER_DATA[stray] ?? "a table"}: ${
        data === undefined ? "name" : `${typed} is a folder; name`
      } ${DATA_FILES}, or leave ${flag} out`,
    );
  }
  const { data: _, ...others } = options;
  return { ...others, ...(data === undefined ? {} : { dataDir: data }) } as O;
}

/** A path that was typed, or "-". */
export function pathOf(text: string): string {
  return text === STDIN ? text : userPath(text);
}

async function isFolder(path: string): Promise<boolean> {
  const info = await host.stat(path).catch(() => null);
  return info?.isDirectory ?? false;
}

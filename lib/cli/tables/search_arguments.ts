/** A table that all trials of a search are trained on, as arguments of theirs. */
import { isAbsolute, resolve } from "node:path";
import { type Preset, PRESETS } from "../../config/presets.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { kindOfData, STDIN } from "../data_kind.ts";
import { typedOptions, wholePaths } from "../open_data.ts";
import { flagOf, TABLE_OPTION_NAMES, type TableOptions } from "../options/tables.ts";

/** Null where images are trained on. @throws {UsageError} if the table is the standard input */
export async function tableArguments(
  options: TableOptions & { readonly data?: string },
): Promise<string[] | null> {
  const { data } = options;
  if (data === undefined) return null;
  if (data === STDIN || options.test === STDIN) {
    throw new UsageError(
      "Cannot search on the standard input: each trial reads its rows anew; give a file",
    );
  }
  const whole = wholePaths(data, await kindOfData(data), options);
  return [resolve(data), ...typedOptions(whole)];
}

/**
 * The arguments that the file of a search has, if they are what `tableArguments` makes.
 *
 * @throws {WeftError} if they are not: the file comes from anywhere
 */
export function requireTableArguments(data: readonly string[], path: string): readonly string[] {
  const flags = TABLE_OPTION_NAMES.map(flagOf);
  const [file, ...said] = data;
  const isOwn = file !== undefined && isAbsolute(file) &&
    said.every((argument) =>
      flags.some((flag) => argument === flag || argument.startsWith(`${flag}=`))
    );
  if (isOwn) return data;
  throw new WeftError(
    `Cannot resume ${path}: what it says of its table is none of Weft's, so it was changed; start another search`,
  );
}

/** Where a space names no preset, its trials have that of their data, and rows to be compared by. */
export function withPreset(
  text: string,
  { preset }: { readonly preset: Preset | null },
  data: readonly string[],
): string {
  if (preset === null) return text;
  const isSplit = data.some((argument) => argument.startsWith(flagOf("splitLast")));
  try {
    const space = JSON.parse(text);
    const isSpace = typeof space === "object" && space !== null && !Array.isArray(space);
    if (isSpace && !Object.hasOwn(space, "preset")) {
      const validation = PRESETS[preset].validation === 0 && !isSplit ? { validation: 0.2 } : {};
      return JSON.stringify({ preset, ...validation, ...space });
    }
  } catch {
    // Whoever reads the space says what is wrong with it.
  }
  return text;
}

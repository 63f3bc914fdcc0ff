/** A table that all trials of a search are trained on, as arguments of theirs. */
import { isAbsolute, resolve } from "node:path";
import { UsageError, WeftError } from "../../errors.ts";
import { pathOf, STDIN } from "../data_argument.ts";
import { TABLE_OPTION_NAMES, type TableOptions } from "../options/tables.ts";

/** `--split-by` of splitBy. */
const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;

/** Null where images are trained on. @throws {UsageError} if the table is the standard input */
export function tableArguments(
  options: TableOptions & { readonly data?: string },
): string[] | null {
  const { data } = options;
  if (data === undefined) return null;
  if (data === STDIN || options.test === STDIN) {
    throw new UsageError(
      "Cannot search on the standard input: each trial reads its rows anew; give a file",
    );
  }
  const said = TABLE_OPTION_NAMES.flatMap((name) => {
    const value: string | number | readonly string[] | undefined = options[name];
    const values = value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
    return values.map((text: string) =>
      // One argument each, so that no value is taken for an option.
      `${flagOf(name)}=${name === "test" ? wholePath(text) : text}`
    );
  });
  return [resolve(data), ...said];
}

/** A file for the test; a fraction stays as it is. */
function wholePath(text: string): string {
  return Number.isFinite(Number(text)) ? text : resolve(pathOf(text));
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
    said.every((argument) => flags.some((flag) => argument.startsWith(`${flag}=`)));
  if (isOwn) return data;
  throw new WeftError(
    `Cannot resume ${path}: what it says of its table is none of Weft's, so it was changed; start another search`,
  );
}

/** Where a space names no preset, its trials have that of tables. */
export function withPreset(text: string): string {
  try {
    const space = JSON.parse(text);
    const isSpace = typeof space === "object" && space !== null && !Array.isArray(space);
    if (isSpace && !Object.hasOwn(space, "preset")) {
      return JSON.stringify({ preset: "tabular", ...space });
    }
  } catch {
    // Whoever reads the space says what is wrong with it.
  }
  return text;
}

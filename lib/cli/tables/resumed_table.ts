/** A run on a table that resumes: where its rows are, and what the user said of them. */
import { installation } from "../../host/mod.ts";
import { UsageError, WeftError } from "../../errors.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import { STDIN } from "../data_kind.ts";
import { flagOf, TABLE_OPTION_NAMES } from "../options/tables.ts";
import type { TrainCommandOptions } from "../options/train.ts";
import { columnNames } from "./column_names.ts";

const SAID = ["from", "freeze", ...TABLE_OPTION_NAMES] as const;

/**
 * The options with what the run was begun with: its file, what was said of that, and the model that it began with.
 *
 * @param config  as its log has it
 * @param options what the user gives now: another place of the same file, and nothing else that differs
 * @throws {UsageError} which names what differs, or if the rows have to be given again
 */
export function resumedData(
  name: string,
  config: Readonly<Record<string, ConfigValue>>,
  options: TrainCommandOptions,
): TrainCommandOptions {
  requireOwn(name, config);
  const then = config as Partial<TrainCommandOptions>;
  const { data: given, dataDir } = options;
  const isTable = typeof then.data === "string";
  if (!isTable && given !== undefined) {
    throw new UsageError(
      `Cannot resume ${name} with a table: it was begun with images; leave out ${given}`,
    );
  }
  if (isTable && dataDir !== undefined) {
    throw new UsageError(
      `Cannot resume ${name} with --data-dir ${dataDir}: it was begun with a table; leave it out`,
    );
  }
  const different = SAID.find((option) => isOther(options[option], then[option]));
  if (different !== undefined) {
    const flag = flagOf(different);
    throw new UsageError(
      `Cannot resume ${name} with another ${flag}: it keeps its own; leave ${flag} out`,
    );
  }
  if (then.data === STDIN && given === undefined) {
    throw new UsageError(
      `Cannot resume ${name} without its rows, which came from the standard input: ` +
        `send them again, as in "${installation.program} train - --resume ${name} < rows.csv"`,
    );
  }
  const said = Object.fromEntries(SAID.map((option) => [option, then[option]]));
  return { ...options, ...said, data: given ?? then.data };
}

const isText = (value: unknown) => typeof value === "string";
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

/** What the log may say; a log comes from a disk, and may have been changed. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...Object.fromEntries(["data", ...SAID].map((option) => [option, isText])),
  target: areTexts,
  ignore: areTexts,
  numbers: areTexts,
  categories: areTexts,
  ...Object.fromEntries(
    ["splitLast", "window", "stride", "gap"].map((it) => [it, Number.isFinite]),
  ),
  skipBroken: (value) => value === true,
  freeze: (value) => Number.isFinite(value) || areTexts(value),
};

/** @throws {WeftError} where an option is not of its kind */
function requireOwn(name: string, config: Readonly<Record<string, ConfigValue>>): void {
  const odd = Object.keys(KINDS).find((option) =>
    config[option] !== undefined && !KINDS[option](config[option])
  );
  if (odd === undefined) return;
  throw new WeftError(
    `Cannot resume ${name}: the first line of its log has a "${odd}" that is none, so it was changed; ` +
      "bring back the log, or start another run",
  );
}

function isOther(given: unknown, then: unknown): boolean {
  if (given === undefined) return false;
  const names = Array.isArray(given) && Array.isArray(then) ? columnNames(given, then) : given;
  return JSON.stringify(names) !== JSON.stringify(then);
}

/** A run on a table that resumes: where its rows are, and what the user said of them. */
import { UsageError } from "../../errors.ts";
import type { ConfigValue } from "../../run_log/run/records.ts";
import { STDIN } from "../data_argument.ts";
import { TABLE_OPTION_NAMES } from "../options/tables.ts";
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
    const flag = `--${different.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
    throw new UsageError(
      `Cannot resume ${name} with another ${flag}: it keeps its own; leave ${flag} out`,
    );
  }
  if (then.data === STDIN && given === undefined) {
    throw new UsageError(
      `Cannot resume ${name} without its rows, which came from the standard input: ` +
        `send them again, as in "deno task train - --resume ${name} < rows.csv"`,
    );
  }
  const said = Object.fromEntries(SAID.map((option) => [option, then[option]]));
  return { ...options, ...said, data: given ?? then.data };
}

function isOther(given: unknown, then: unknown): boolean {
  if (given === undefined) return false;
  const names = Array.isArray(given) && Array.isArray(then) ? columnNames(given, then) : given;
  return JSON.stringify(names) !== JSON.stringify(then);
}

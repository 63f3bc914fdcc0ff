/** Options with values, and the readers of those values that no option of a training run has. */
import { Option } from "commander";
import { choice, type Kind, number, readList } from "../../config/kinds.ts";
import { UsageError } from "../../errors.ts";
import { type BackendName, BACKENDS } from "../../measure/backend_names.ts";
import type { TrialMark } from "../../run_log/run/records.ts";
import type { CheckpointInterval } from "../../train/options.ts";
import { userPath } from "../places.ts";

/** How a value is read from a text. */
type Reader<T> = Pick<Kind<T>, "read" | "form" | "choices">;

const COUNT = /^\d+$/;

/**
 * An option with a value, which is undefined unless the user gives it.
 *
 * @param flags   as in "--epochs <n>"
 * @param example of a value
 * @throws {UsageError} from its parser, if a text cannot be read; ranges are the library's to check
 */
export function valueOption<T>(
  flags: string,
  description: string,
  reader: Reader<T>,
  example = "",
): Option {
  const [flag] = flags.split(" ");
  const option = new Option(flags, description);
  // Before the parser: it sets one of its own.
  if (reader.choices) option.choices(reader.choices);
  return option.argParser((text: string): T => {
    const value = reader.read(text);
    if (value !== undefined) return value;
    const must = reader.form(`${flag} ${example}`);
    throw new UsageError(`Cannot read ${flag} ${JSON.stringify(text)}: it must be ${must}`);
  });
}

/** An option whose value is a path, relative to where the user stands. */
export function pathOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(userPath);
}

/** An option whose value is one number; `example` is one. */
export function numberOption(flags: string, description: string, example: string): Option {
  return valueOption(flags, description, number("number", {}), example);
}

/** An option whose value is one of a few words. */
export function choiceOption(flags: string, description: string, choices: readonly string[]) {
  return valueOption(flags, description, choice("choice", "choices", choices));
}

/** Texts with commas between them. */
export const names: Reader<string[]> = {
  read: (text) => readList(text, /./),
  form: (typed) => `names with commas between them, such as ${typed}`,
};

/** A number of layers, or their names. */
export const frozenLayers: Reader<number | string[]> = {
  read: (text) => COUNT.test(text) ? Number(text) : readList(text, /^[\w.-]+$/),
  form: () => "a number of layers, such as 1, or their names, such as layers.0,layers.2",
};

/** A program and its arguments, with quotes around those that have spaces. */
export const launcher: Reader<string[]> = {
  read(text) {
    const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)];
    return words.length > 0 ? words.map(([, a, b, c]) => a ?? b ?? c) : undefined;
  },
  form: (typed) => `a program with its arguments, such as ${typed}`,
};

/** Numbers of rows. */
export const rows: Reader<number[]> = {
  read: (text) => readList(text, COUNT)?.map(Number),
  form: (typed) => `rows of the test set, counted from 0, such as ${typed}`,
};

export const checkpointInterval: Reader<CheckpointInterval> = {
  read(text) {
    const [, number, seconds] = /^(\d+(?:\.\d+)?)(s?)$/.exec(text) ?? [];
    if (seconds && Number(number) > 0) return { seconds: Number(number) };
    if (!seconds && Number(number) >= 1 && COUNT.test(text)) return { epochs: Number(number) };
  },
  form: () => "a number of epochs, such as 5, or of seconds, such as 30s",
};

/** What a search knows a trial by. */
export const trialMark: Reader<TrialMark> = {
  read(text) {
    const [, search, trial] = /^([0-9a-f-]{36}):(\d{1,9})$/.exec(text) ?? [];
    return search ? { search, trial: Number(trial) } : undefined;
  },
  form: () => "the id of a search and the number of a trial",
};

/** In milliseconds. */
export const duration: Reader<number> = {
  read(text) {
    const [, number, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text) ?? [];
    const ms = Number(number) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as "s" | "m" | "h"];
    return ms > 0 ? ms : undefined;
  },
  form: () => "seconds, minutes or hours, such as 90s, 10m or 2h",
};

/** In the order of `BACKENDS`. */
export const backendNames: Reader<BackendName[]> = {
  read(text) {
    const names = text.split(",").map((name) => name.trim());
    if (!names.every((name) => BACKENDS.some((known) => known === name))) return undefined;
    return BACKENDS.filter((name) => names.includes(name));
  },
  form: () => `some of ${BACKENDS.join(",")} with commas between them`,
};

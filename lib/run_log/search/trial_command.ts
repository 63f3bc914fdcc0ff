/** A trial as a command line. */

import type { ConfigValue } from "../run/records.ts";

/** Options, by their names, as arguments of `train`; one that is true has no value, and one that is false is left out. */
export function trialArguments(options: Readonly<Record<string, ConfigValue>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === false || value === null) return [];
    return value === true ? [`--${name}`] : [`--${name}`, optionText(value)];
  });
}

/** What to type to train it again, on one line. */
export function trialCommand(
  options: Readonly<Record<string, ConfigValue>>,
  args: readonly string[] = trialArguments(options),
  program = "deno task",
): string {
  return [`${program} train`, ...args.map(quoted)].join(" ");
}

/** A value as one would type it. */
export function optionText(value: ConfigValue): string {
  return Array.isArray(value) ? value.join() : String(value);
}

/** As a shell takes it. */
export function quoted(argument: string): string {
  return /^[\w.,:+/=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** Which options have an effect beside which. */
import { UsageError } from "../errors.ts";
import type { Option } from "./option.ts";
import { type OptionName, OPTIONS, type TrainConfig, typed } from "./options.ts";
import { DEFAULTS } from "./presets.ts";

/** Whether the option has an effect in `config`. */
export function appliesTo(name: OptionName, config: TrainConfig): boolean {
  return whyNot(name, config) === null;
}

/**
 * Refuses options that would change nothing: their user expects something else. To turn off something that has no effect
 * is no such option.
 *
 * @throws {UsageError} which names the first option without an effect, and the choices beside which it has one
 */
export function requireApplicable(given: Partial<TrainConfig>, config: TrainConfig): void {
  for (const name of Object.keys(given) as OptionName[]) {
    const reason = whyNot(name, config);
    if (reason === null || given[name] === false) continue;
    throw new UsageError(
      `Cannot use ${typed(name, given[name])} with ${reason[0]}: it has no effect there; ` +
        `leave it out, or ${reason[1]}`,
    );
  }
}

/** The other option's value that makes this one useless, and what to do about it; null if it has an effect. */
function whyNot(name: OptionName, config: TrainConfig): [string, string] | null {
  const { only = {}, unless }: Pick<Option<unknown>, "only" | "unless"> = OPTIONS[name];
  if (unless && config[unless] !== DEFAULTS[unless]) {
    const other = typed(unless, config[unless]);
    return [other, `leave out ${other}`];
  }
  for (const [of, names] of Object.entries(only) as ["optimizer" | "schedule", string[]][]) {
    if (names.includes(config[of])) continue;
    return [typed(of, config[of]), `use --${of} ${names.join(" or ")}`];
  }
  return null;
}

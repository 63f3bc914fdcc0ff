/** Which options of a run have no effect beside its others, such as `hidden` beside `layers`. */

import { OPTION_LIST, type TrainConfig } from "../../lib/config/options.ts";
import { DEFAULTS } from "../../lib/config/presets.ts";
import { appliesTo } from "../../lib/config/scope.ts";
import type { RunRecord } from "../../lib/run_log/run/records.ts";

/** What decides: see `only` and `unless` of lib/config/option.ts. */
const DECIDING = ["optimizer", "schedule", "layers"] as const;

/** By those three, because a list has thousands of runs and they are alike in them. */
const found = new Map<string, readonly string[]>();
const MOST_KEPT = 200;

/** @param config as a log has it: anything may stand there */
export function idleOptions(config: RunRecord["config"]): string[] {
  const key = JSON.stringify(DECIDING.map((name) => config[name] ?? DEFAULTS[name]));
  let names = found.get(key);
  if (!names) {
    const whole = { ...DEFAULTS };
    for (const name of DECIDING) Object.assign(whole, { [name]: config[name] ?? DEFAULTS[name] });
    names = OPTION_LIST.map(({ name }) => name).filter((name) => isIdle(name, whole));
    if (found.size >= MOST_KEPT) found.clear();
    found.set(key, names);
  }
  return names.filter((name) => Object.hasOwn(config, name));
}

function isIdle(name: typeof OPTION_LIST[number]["name"], config: TrainConfig): boolean {
  try {
    return !appliesTo(name, config);
  } catch {
    return false; // A value that no option has.
  }
}

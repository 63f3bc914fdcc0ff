/** The options of a run that its line in the list has: those that are no default and have an effect. */

import { DEFAULTS } from "../../lib/config/presets.ts";
import type { ConfigValue, RunRecord } from "../../lib/run_log/run/records.ts";
import { idleOptions } from "./idle_options.ts";

/** What the list has columns of its own for. */
const OTHERS = ["preset", "backend", "threads", "adapter", "epochs"];

/** Limits for what a stranger's record may have. */
const MOST_OPTIONS = 64;
const MAX_NAME = 40;
const MAX_VALUE = 100;

/** By name: what a run that does not say an option has. */
export const DEFAULT_OPTIONS: Readonly<Record<string, ConfigValue>> = Object.fromEntries(
  Object.entries(DEFAULTS).filter(([name]) => !OTHERS.includes(name)),
) as Readonly<Record<string, ConfigValue>>;

export function listedOptions(config: RunRecord["config"]): Record<string, ConfigValue> {
  const idle = idleOptions(config);
  const listed = Object.entries(config).filter(([name, value]) => {
    if (value === null || OTHERS.includes(name) || idle.includes(name)) return false;
    const text = JSON.stringify(value);
    const byDefault = Object.hasOwn(DEFAULT_OPTIONS, name) ? DEFAULT_OPTIONS[name] : null;
    return text !== JSON.stringify(byDefault) && name.length <= MAX_NAME &&
      text.length <= MAX_VALUE;
  });
  return Object.fromEntries(listed.slice(0, MOST_OPTIONS));
}

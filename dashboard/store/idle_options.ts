/** Which options of a run have no effect beside its others, such as `hidden` beside `layers`. */

import { OPTION_LIST, type TrainConfig } from "../../lib/config/options.ts";
import { DEFAULTS } from "../../lib/config/presets.ts";
import { appliesTo } from "../../lib/config/scope.ts";
import type { RunRecord } from "../../lib/run_log/run/records.ts";

/** @param config as a log has it: anything may stand there */
export function idleOptions(config: RunRecord["config"]): string[] {
  const whole = { ...DEFAULTS, ...config } as unknown as TrainConfig;
  return OPTION_LIST.map(({ name }) => name).filter((name) =>
    name in config && isIdle(name, whole)
  );
}

function isIdle(name: typeof OPTION_LIST[number]["name"], config: TrainConfig): boolean {
  try {
    return !appliesTo(name, config);
  } catch {
    return false; // A value that no option has.
  }
}

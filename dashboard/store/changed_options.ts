/** Which options of a run are others than those of its preset: what somebody has decided about it. */

import { DEFAULTS, PRESETS } from "../../lib/config/presets.ts";
import type { RunRecord } from "../../lib/run_log/run/records.ts";
import { idleOptions } from "./idle_options.ts";

/** @param config as a log has it: anything may stand there */
export function changedOptions(config: RunRecord["config"]): string[] {
  const { preset } = config;
  const isKnown = typeof preset === "string" && Object.hasOwn(PRESETS, preset);
  const base: Readonly<Record<string, unknown>> = isKnown
    ? PRESETS[preset as keyof typeof PRESETS]
    : DEFAULTS;
  const idle = new Set(idleOptions(config));
  return Object.keys(config).filter((name) =>
    Object.hasOwn(base, name) && !idle.has(name) && config[name] !== null &&
    JSON.stringify(config[name]) !== JSON.stringify(base[name])
  );
}

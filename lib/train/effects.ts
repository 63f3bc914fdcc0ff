/** Which values of a configuration have an effect beside which. */
import { UsageError } from "../errors.ts";
import { type OptimizerOptions, optimizersWith } from "../nn/optimizers/mod.ts";
import type { TrainConfig } from "./config.ts";

function ofOptimizers(option: string, name: keyof OptimizerOptions) {
  return { option, of: "optimizer", names: optimizersWith(name) } as const;
}

/** The choices that a value belongs to; one that is not here always counts. */
const BELONGS_TO: {
  readonly [Name in keyof TrainConfig]?: {
    readonly option: string;
    readonly of: "optimizer" | "schedule";
    readonly names: readonly TrainConfig["optimizer" | "schedule"][];
  };
} = {
  momentum: ofOptimizers("--momentum", "momentum"),
  nesterov: ofOptimizers("--nesterov", "nesterov"),
  beta1: ofOptimizers("--beta1", "beta1"),
  beta2: ofOptimizers("--beta2", "beta2"),
  alpha: ofOptimizers("--alpha", "alpha"),
  epsilon: ofOptimizers("--epsilon", "epsilon"),
  weightDecay: ofOptimizers("--weight-decay", "weightDecay"),
  warmup: { option: "--warmup", of: "schedule", names: ["constant", "step", "cosine"] },
  scheduleStep: { option: "--schedule-step", of: "schedule", names: ["step"] },
  scheduleFactor: { option: "--schedule-factor", of: "schedule", names: ["step"] },
  pctStart: { option: "--pct-start", of: "schedule", names: ["one-cycle"] },
  divFactor: { option: "--div-factor", of: "schedule", names: ["one-cycle"] },
  finalDivFactor: { option: "--final-div-factor", of: "schedule", names: ["one-cycle"] },
};

/** Whether the value of that name has an effect in `config`. */
export function hasEffect(name: keyof TrainConfig, config: TrainConfig): boolean {
  const belongs = BELONGS_TO[name];
  return !belongs || belongs.names.includes(config[belongs.of]);
}

/**
 * Refuses what would change nothing: whoever asks for it expects something else.
 *
 * @param given what was asked for
 * @throws {UsageError} which names the first value that has no effect, and with what it would have one
 */
export function requireEffect(given: Partial<TrainConfig>, config: TrainConfig): void {
  for (const name of Object.keys(given) as (keyof TrainConfig)[]) {
    const belongs = BELONGS_TO[name];
    if (!belongs || hasEffect(name, config)) continue;
    const { option, of, names } = belongs;
    const asked = given[name] === true ? option : `${option} ${given[name]}`;
    throw new UsageError(
      `Cannot use ${asked} with --${of} ${config[of]}: it has no effect there; ` +
        `leave it out, or use --${of} ${names.join(" or ")}`,
    );
  }
}

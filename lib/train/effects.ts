/** Which values of a configuration have an effect beside which. */
import { UsageError } from "../errors.ts";
import type { TrainConfig } from "./config.ts";

/** The choices that a value belongs to; one that is not here always counts. */
const BELONGS_TO: {
  readonly [Name in keyof TrainConfig]?: {
    readonly option: string;
    readonly of: "optimizer" | "schedule";
    readonly names: readonly TrainConfig["optimizer" | "schedule"][];
  };
} = {
  momentum: { option: "--momentum", of: "optimizer", names: ["momentum"] },
  nesterov: { option: "--nesterov", of: "optimizer", names: ["momentum"] },
  beta1: { option: "--beta1", of: "optimizer", names: ["adam", "adamw"] },
  beta2: { option: "--beta2", of: "optimizer", names: ["adam", "adamw"] },
  alpha: { option: "--alpha", of: "optimizer", names: ["rmsprop"] },
  epsilon: { option: "--epsilon", of: "optimizer", names: ["adam", "adamw", "rmsprop"] },
  weightDecay: { option: "--weight-decay", of: "optimizer", names: ["adamw"] },
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

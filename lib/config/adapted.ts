/**
 * Options that can follow from the number of rows: a small file gets smaller batches, so that an epoch has some steps; a
 * large one fewer epochs, and less weight decay, because its rows say more than any prior opinion about weights.
 *
 * A configuration has the most of each. What a rule gives is never above that, so that to adapt again changes nothing.
 */
import { type Adapted, ADAPTED } from "./option.ts";
import type { TrainConfig } from "./options.ts";

/** A batch has a sixteenth of the rows, so that an epoch has some sixteen steps, and at least so many rows. */
const BATCHES = 16;
const LEAST_BATCH = 16;
/** Steps of a whole training, and epochs of a file that is so large that it needs more steps. */
const STEPS = 2000;
const LEAST_EPOCHS = 40;
/** Rows beyond which weights decay less, in inverse proportion to the rows; and what is left of it. */
const DECAY_ROWS = 1000;
const LEAST_DECAY = 0.1;

type Sizes = Pick<TrainConfig, Adapted>;

/** What suits so many training rows, as if there were no upper limit. */
const RULES: { readonly [Name in Adapted]: (rows: number, config: Sizes) => number } = {
  batchSize: (rows) => Math.max(LEAST_BATCH, 2 ** Math.round(Math.log2(rows / BATCHES))),
  epochs: (rows, { batchSize }) =>
    Math.max(LEAST_EPOCHS, Math.round(STEPS / Math.ceil(rows / batchSize))),
  // Two digits, because it is printed.
  weightDecay: (rows) => Number(Math.max(LEAST_DECAY, DECAY_ROWS / rows).toPrecision(2)),
};

/**
 * The configuration for so many training rows.
 *
 * @param rows those that are trained on, without the validation rows
 */
export function adaptedTo(rows: number, config: TrainConfig): TrainConfig {
  const adapted = { ...config };
  for (const name of ADAPTED) {
    if (!config.adapt.includes(name)) continue;
    adapted[name] = Math.min(config[name], RULES[name](rows, adapted));
  }
  return adapted;
}

/** What was adapted, for people; null if nothing was. */
export function adaptedText(rows: number, config: TrainConfig): string | null {
  const { adapt, batchSize, epochs, weightDecay } = config;
  const words = {
    batchSize: `batches of ${batchSize} rows`,
    epochs: `${epochs} epochs`,
    weightDecay: `a weight decay of ${weightDecay}`,
  };
  if (adapt.length === 0) return null;
  return `for ${rows} training rows: ${adapt.map((name) => words[name]).join(", ")}`;
}

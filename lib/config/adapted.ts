/**
 * Options that can follow from the number of rows. A small file needs small batches, or an epoch has hardly a step, and much
 * regularization; a large one needs fewer epochs, and its rows do what regularization does for a small one.
 *
 * A configuration has the most of each. What a rule gives is never above that, so that to adapt again changes nothing.
 */
import { ADAPTED, type Adapted } from "./option.ts";
import type { TrainConfig } from "./options.ts";

/** An epoch has some sixteen steps, if a batch then has at least so many rows. */
const BATCHES = 16;
const LEAST_BATCH = 16;

/** Steps of a whole training; a file that has more of them in so many epochs has more. */
const STEPS = 2000;
const LEAST_EPOCHS = 40;

/** With layers such as convolutions, a step costs and teaches more. */
const LAYERED = { steps: 600, leastEpochs: 10 };

/** Both fall in inverse proportion to the rows, as a prior does beside a likelihood, but not below the second number. */
const WEIGHT_DECAY = { rows: 750, least: 0.05 };
const DROPOUT = { rows: 400, least: 0.05 };

const falling = ({ rows: at, least }: typeof DROPOUT, rows: number) =>
  // Two digits, because they are printed and logged.
  Number(Math.max(least, at / rows).toPrecision(2));

/** What suits so many training rows, as if there were no upper limit. */
const RULES: {
  readonly [Name in Adapted]: (
    rows: number,
    config: Pick<TrainConfig, Adapted | "layers">,
  ) => number;
} = {
  batchSize: (rows) => Math.max(LEAST_BATCH, 2 ** Math.round(Math.log2(rows / BATCHES))),
  epochs(rows, { batchSize, layers }) {
    const { steps, leastEpochs } = layers === null
      ? { steps: STEPS, leastEpochs: LEAST_EPOCHS }
      : LAYERED;
    return Math.max(leastEpochs, Math.round(steps / Math.ceil(rows / batchSize)));
  },
  weightDecay: (rows) => falling(WEIGHT_DECAY, rows),
  dropout: (rows) => falling(DROPOUT, rows),
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
  const { adapt, batchSize, epochs, weightDecay, dropout } = config;
  if (adapt.length === 0) return null;
  const words: Readonly<Record<Adapted, string>> = {
    batchSize: `batches of ${batchSize}`,
    epochs: `${epochs} epochs`,
    weightDecay: `weight decay ${weightDecay}`,
    dropout: `dropout ${dropout}`,
  };
  return `for ${rows} training rows: ${adapt.map((name) => words[name]).join(", ")}`;
}

/** Named configurations. Each says only what differs from the options' defaults. */
import { OPTION_LIST, type TrainConfig } from "./options.ts";

/** What the presets that aim at accuracy share: they train on all images, and differ in size. */
const ONE_CYCLE_ADAMW = {
  activation: "gelu",
  initializer: "he-normal",
  batchSize: 128,
  optimizer: "adamw",
  weightDecay: 0.1,
  schedule: "one-cycle",
  freezeOutputBias: false,
  validation: 0,
} as const;

/** What the presets with convolutions share. */
const CONVOLUTIONAL = {
  ...ONE_CYCLE_ADAMW,
  activation: "relu",
  learningRate: 0.005,
  weightDecay: 0.05,
  flip: true,
} as const;

/** What each preset has that differs from the defaults. */
export const PRESET_DIFFERENCES = {
  /**
   * The exercise that Weft grew out of: 784-100-10 by hand in NumPy. The gradient of its output bias is one scalar, which is
   * identically zero, so that bias never moves.
   */
  baseline: {},
  /** The exercise's network, trained as well as its size allows: 89.50 % of the test set (docs/accuracy.md). */
  small: { ...ONE_CYCLE_ADAMW, learningRate: 0.004, epochs: 25 },
  /** A larger network for 90.6 % of the test set, in one to two minutes on two cores (docs/accuracy.md). */
  accurate: {
    ...ONE_CYCLE_ADAMW,
    hidden: [512, 256],
    learningRate: 0.001,
    dropout: 0.1,
    flip: true,
  },
  /** Two convolutions: 91.93 to 92.65 % of the test set with three seeds (docs/accuracy.md). */
  conv: {
    ...CONVOLUTIONAL,
    layers:
      "conv 16 3x3, batch-norm, relu, pool 2, conv 32 3x3, batch-norm, relu, pool 2, dense 64, relu",
    epochs: 10,
  },
  /** Twice as many channels, and dropout: four times the work, for a network that learns its images by heart less. */
  "conv-accurate": {
    ...CONVOLUTIONAL,
    layers:
      "conv 32 3x3, batch-norm, relu, pool 2, conv 64 3x3, batch-norm, relu, pool 2, dropout 0.25, dense 128, relu, dropout 0.3",
    epochs: 14,
  },
  /**
   * One's own images, few or many: the network of `conv`, whose batches and epochs adapt to their number. Images are shifted and not
   * flipped, because a digit or a sign that is flipped is another one.
   */
  images: {
    ...CONVOLUTIONAL,
    adapt: ["batchSize", "epochs"],
    flip: false,
    shift: 2,
    layers:
      "conv 16 3x3, batch-norm, relu, pool 2, conv 32 3x3, batch-norm, relu, pool 2, dense 64, relu",
    epochs: 60,
  },
  /**
   * Tables: a network that holds its own where a linear model is right, and learns what is not linear (docs/guides/your_data.md). What
   * adapts is the most of each; the number of rows decides.
   */
  tabular: {
    adapt: ["batchSize", "epochs", "weightDecay", "dropout"],
    hidden: [128, 64],
    // Near zero, where weight decay keeps the units of a small file, it is linear.
    activation: "tanh",
    initializer: "lecun-normal",
    batchSize: 64,
    epochs: 200,
    optimizer: "adamw",
    learningRate: 0.005,
    weightDecay: 1.5,
    schedule: "one-cycle",
    dropout: 0.2,
    freezeOutputBias: false,
    restoreBest: true,
  },
} satisfies Record<string, Partial<TrainConfig>>;

/** The name of a preset. */
export type Preset = keyof typeof PRESET_DIFFERENCES;

/** What an option is that nobody gives, and what training did before there was the option. */
export const DEFAULTS = Object.fromEntries(
  OPTION_LIST.map((option) => [option.name, option.default]),
) as TrainConfig;

/** The presets as whole configurations. */
export const PRESETS = Object.fromEntries(
  Object.entries(PRESET_DIFFERENCES).map(([preset, differences]) =>
    [preset, { ...DEFAULTS, ...differences }] as const
  ),
) as Readonly<Record<Preset, TrainConfig>>;

/**
 * What a training run is asked to do, and the presets that say it by a name.
 */
import { UsageError } from "../errors.ts";
import { type Activation, ACTIVATIONS } from "../nn/activations.ts";
import { readLayers } from "../nn/layers/mod.ts";
import { type Initializer, INITIALIZERS } from "../nn/initializers.ts";
import { type OptimizerConfig, OPTIMIZERS } from "../nn/optimizers/mod.ts";
import { type ScheduleConfig, SCHEDULES } from "./schedule.ts";
import { type ClassWeights, requireClassWeights } from "./class_weights.ts";
import { requireNormalisable } from "./normalisable.ts";

export interface TrainConfig extends OptimizerConfig, ScheduleConfig {
  /**
   * Layers from the input side, without the output's: "dense 64, relu, dropout 0.2". In place of `hidden`, `activation`,
   * `dropout` and `batchNorm`, which then count for nothing; null for those.
   */
  readonly layers: string | null;
  /** Units of each hidden layer, from the input side. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** How the weights are drawn. */
  readonly initializer: Initializer;
  /** Rows of a batch; the last of an epoch has what is left. */
  readonly batchSize: number;
  readonly epochs: number;
  /** Weight of the penalty l1 sum|w| in the loss of all training rows. */
  readonly l1: number;
  /** Weight of the penalty l2 / 2 sum w^2. */
  readonly l2: number;
  /** The largest norm of all gradients together, penalties not included; 0 for none. */
  readonly clipNorm: number;
  /** Draws the weights, then one permutation of the training rows an epoch. 0 to 2^32 - 1. */
  readonly seed: number;
  /** Draws the split into training and validation rows. 0 to 2^32 - 1. */
  readonly splitSeed: number;
  /** Keeps the output layer's bias at zero. */
  readonly freezeOutputBias: boolean;
  /** Probability with which a hidden layer's output is dropped in training; 0 and up, below 1. */
  readonly dropout: number;
  /** Whether hidden layers are normalised by the batch before their activation. */
  readonly batchNorm: boolean;
  /** Share of a label that is spread over all classes, in training; 0 to 1. */
  readonly labelSmoothing: number;
  /** What the rows of each class count, in training. */
  readonly classWeights: ClassWeights;
  /** Mirrors every other training picture, left to right; which ones is drawn anew each epoch. */
  readonly flip: boolean;
  /** Pixels by which training pictures are shifted at most, in both directions; black comes in. */
  readonly shift: number;
  /** Makes inputs (x / 255 - mean) / std, with the mean and the standard deviation of the training pixels. */
  readonly standardize: boolean;
  /** Fraction of the training pictures that is kept for validation; 0 trains on all of them. */
  readonly validation: number;
  /** Epochs without a better validation loss after which training stops; 0 goes through all. */
  readonly patience: number;
  /** Hands over the network of the epoch with the best validation loss; where left out, if there is a `patience`. */
  readonly restoreBest: boolean;
}

/** Of the optimizers that are not used, PyTorch's defaults: what `--optimizer` alone begins with. */
const PLAIN_SGD = {
  optimizer: "sgd",
  momentum: 0.9,
  nesterov: false,
  beta1: 0.9,
  beta2: 0.999,
  alpha: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
} as const;

/** Likewise of the schedules. */
const CONSTANT_RATE = {
  schedule: "constant",
  scheduleStep: 10,
  scheduleFactor: 0.1,
  pctStart: 0.3,
  divFactor: 25,
  finalDivFactor: 1e4,
  warmup: 0,
} as const;

/** What the presets that aim at accuracy share: they train on all pictures, and differ in size. */
const ONE_CYCLE_ADAMW = {
  ...PLAIN_SGD,
  ...CONSTANT_RATE,
  optimizer: "adamw",
  schedule: "one-cycle",
  layers: null,
  activation: "gelu",
  initializer: "he-normal",
  batchSize: 128,
  l1: 0,
  l2: 0,
  clipNorm: 0,
  seed: 42,
  splitSeed: 42,
  freezeOutputBias: false,
  batchNorm: false,
  labelSmoothing: 0,
  classWeights: "none",
  flip: false,
  shift: 0,
  standardize: false,
  validation: 0,
  patience: 0,
  restoreBest: false,
} as const;

/** Named configurations. */
export const PRESETS = {
  /**
   * The exercise that Weft grew out of: 784-100-10 by hand in NumPy. The gradient of its output bias is one scalar, which is
   * identically zero, so that bias never moves.
   */
  baseline: {
    layers: null,
    hidden: [100],
    activation: "sigmoid",
    learningRate: 0.1,
    batchSize: 256,
    epochs: 40,
    l1: 0,
    l2: 0,
    seed: 42,
    splitSeed: 42,
    freezeOutputBias: true,
    initializer: "normal",
    clipNorm: 0,
    ...PLAIN_SGD,
    ...CONSTANT_RATE,
    dropout: 0,
    batchNorm: false,
    labelSmoothing: 0,
    classWeights: "none",
    flip: false,
    shift: 0,
    standardize: false,
    validation: 0.2,
    patience: 0,
    restoreBest: false,
  },
  /** The exercise's network, trained as well as its size allows: 89.50 % of the test set (docs/accuracy.md). */
  small: {
    ...ONE_CYCLE_ADAMW,
    hidden: [100],
    learningRate: 0.004,
    weightDecay: 0.1,
    dropout: 0,
    epochs: 25,
  },
  /** A larger network for 90.6 % of the test set, in one to two minutes on two cores (docs/accuracy.md). */
  accurate: {
    ...ONE_CYCLE_ADAMW,
    hidden: [512, 256],
    learningRate: 0.001,
    weightDecay: 0.1,
    dropout: 0.1,
    flip: true,
    epochs: 40,
  },
} as const satisfies Record<string, TrainConfig>;

export type Preset = keyof typeof PRESETS;

interface Range {
  readonly name: string;
  readonly whole?: boolean;
  readonly least: number;
  /** Whether `least` itself is out. */
  readonly above?: boolean;
  readonly most?: number;
  /** Whether `most` itself is out. */
  readonly below?: boolean;
}

const FRACTION = { least: 0, most: 1, below: true };

/** Names of the configuration's numbers. */
type NumberName = {
  [Name in keyof TrainConfig]: TrainConfig[Name] extends number ? Name : never;
}[keyof TrainConfig];

const RANGES: Record<NumberName, Range> = {
  learningRate: { name: "learning rate", least: 0, above: true },
  batchSize: { name: "batch size", whole: true, least: 1 },
  epochs: { name: "number of epochs", whole: true, least: 1 },
  l1: { name: "L1 penalty", least: 0 },
  l2: { name: "L2 penalty", least: 0 },
  clipNorm: { name: "clipping norm", least: 0 },
  momentum: { name: "momentum", ...FRACTION },
  beta1: { name: "beta1", ...FRACTION },
  beta2: { name: "beta2", ...FRACTION },
  alpha: { name: "smoothing alpha", ...FRACTION },
  // Far above float32's smallest numbers: it keeps what never had a gradient from 0 / 0.
  epsilon: { name: "divisor's epsilon", least: 1e-30 },
  weightDecay: { name: "weight decay", least: 0 },
  scheduleStep: { name: "schedule step", whole: true, least: 1 },
  scheduleFactor: { name: "schedule factor", least: 0, above: true },
  pctStart: { name: "rising part", ...FRACTION },
  divFactor: { name: "division factor", least: 1 },
  finalDivFactor: { name: "final division factor", least: 1 },
  warmup: { name: "warm-up", least: 0 },
  seed: { name: "seed", whole: true, least: 0, most: 2 ** 32 - 1 },
  splitSeed: { name: "split seed", whole: true, least: 0, most: 2 ** 32 - 1 },
  dropout: { name: "dropout rate", least: 0, most: 1, below: true },
  labelSmoothing: { name: "label smoothing", least: 0, most: 1 },
  shift: { name: "shift", whole: true, least: 0, most: 16 },
  validation: { name: "validation fraction", least: 0, most: 1, below: true },
  patience: { name: "patience", whole: true, least: 0 },
};

const FLAGS = ["freezeOutputBias", "batchNorm", "flip", "standardize", "restoreBest"] as const;

/** More units than this in one layer is taken for a slip of the finger. */
const MOST_UNITS = 65536;

function requireNumber(value: number, range: Range): void {
  const { name, whole, least, above, most = Infinity, below } = range;
  const fits = Number.isFinite(value) && (above ? value > least : value >= least) &&
    (below ? value < most : value <= most);
  if (fits && (!whole || Number.isSafeInteger(value))) return;
  const article = name.startsWith("L") ? "an" : "a";
  const bound = above ? `above ${least}` : `of at least ${least}`;
  const limit = below ? `below ${most}` : `at most ${most}`;
  throw new UsageError(
    `Cannot train with ${article} ${name} of ${value}: it must be a ${
      whole ? "whole number" : "number"
    } ${bound}` +
      (most < Infinity ? ` and ${limit}` : ""),
  );
}

/** The configuration's choices: what each is called, with its plural, and what there is. */
const CHOICES = {
  activation: ["activation", "activations", ACTIVATIONS],
  initializer: ["initializer", "initializers", INITIALIZERS],
  optimizer: ["optimizer", "optimizers", OPTIMIZERS],
  schedule: ["schedule", "schedules", SCHEDULES],
} as const;

function requireChoice(value: unknown, name: string, plural: string, known: readonly string[]) {
  if (typeof value === "string" && known.includes(value)) return;
  throw new UsageError(
    `Cannot train with the ${name} "${value}": ${plural} are ${known.join(", ")}`,
  );
}

/**
 * The preset's configuration with `overrides` in place of its own values.
 *
 * @throws {UsageError} where the preset is unknown or a value is out of its range
 */
export function resolveConfig(
  overrides: Partial<TrainConfig> = {},
  preset: string = "baseline",
): TrainConfig {
  if (!Object.hasOwn(PRESETS, preset)) {
    const known = Object.keys(PRESETS).join(", ");
    throw new UsageError(`Cannot train with the preset "${preset}": presets are ${known}`);
  }
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  // A preset's own layers give way to what is said in the other words.
  const replaced = ["hidden", "activation", "dropout", "batchNorm"].some((key) =>
    given.some(([name]) => name === key)
  );
  const config: TrainConfig = {
    ...PRESETS[preset as Preset],
    ...(replaced ? { layers: null } : {}),
    ...(overrides.patience ? { restoreBest: true } : {}),
    ...Object.fromEntries(given),
    ...(overrides.layers !== null && overrides.layers !== undefined
      ? { layers: readLayers(overrides.layers).join(", ") }
      : {}),
  };
  for (const [key, range] of Object.entries(RANGES)) {
    requireNumber(config[key as NumberName], range);
  }
  for (const flag of FLAGS) {
    if (typeof config[flag] === "boolean") continue;
    throw new UsageError(
      `Cannot train with ${flag} = ${config[flag]}: it must be true or false`,
    );
  }
  const units = { name: "hidden layer size", whole: true, least: 1, most: MOST_UNITS };
  if (!Array.isArray(config.hidden)) {
    throw new UsageError(
      `Cannot train with hidden = ${JSON.stringify(config.hidden)}: ` +
        "it must be a list of layer sizes, such as [100]",
    );
  }
  for (const size of config.hidden) requireNumber(size, units);
  for (const [key, [name, plural, known]] of Object.entries(CHOICES)) {
    requireChoice(config[key as keyof typeof CHOICES], name, plural, known);
  }
  requireClassWeights(config.classWeights);
  // Rows are not known yet, but with batches of one there is no other.
  requireNormalisable(config, config.batchSize);
  return config;
}

/**
 * Every option of a training run, one row each. The type of a configuration, its checks, presets, flags of the command line
 * with their help, search spaces, what a resumed run must have in common with itself, and docs/reference/options.md all
 * follow from this table: a new option is a row here, and its use.
 */
import { type Activation, ACTIVATIONS } from "../nn/activations.ts";
import { type Initializer, INITIALIZERS } from "../nn/initializers.ts";
import { readLayers } from "../nn/layers/mod.ts";
import { Network } from "../nn/network.ts";
import {
  type OptimizerName,
  type OptimizerOptions,
  OPTIMIZERS,
  optimizersWith,
} from "../nn/optimizers/mod.ts";
import { METRICS } from "../task/mod.ts";
import * as kind from "./kinds.ts";
import { ADAPTED, type Adapted, type Option, option, type Schedule, SCHEDULES } from "./option.ts";

const { number, choice, FRACTION, SEED } = kind;

const TRAINING = { group: "Training" };
const NETWORK = { group: "Network" };
const HIDDEN = { group: "Network", unless: "layers" } as const;
const LOSS = { group: "Loss" };
const OPTIMIZER = { group: "Optimizer" };
const SCHEDULE = { group: "Learning-rate schedule" };
const STEP = { ...SCHEDULE, only: { schedule: ["step"] } } as const;
const ONE_CYCLE = { ...SCHEDULE, only: { schedule: ["one-cycle"] } } as const;
const WARMED_UP = { ...SCHEDULE, only: { schedule: ["constant", "step", "cosine"] } } as const;
const IMAGES = { group: "Training images" };
const VALIDATION = { group: "Validation" };

/** The place of an option that optimizers have: those that name it in their definition. */
function ofOptimizers(name: keyof OptimizerOptions) {
  return { ...OPTIMIZER, only: { optimizer: optimizersWith(name) } };
}

const METRIC_NAMES = METRICS.map(({ name }) => name);

const COUNT = { whole: true, least: 1 };
const SHARDS = { whole: true, powerOfTwo: true, least: 1, most: 64 };
const FROM_ZERO = { least: 0 };
const FROM_ONE = { least: 1 };
const ABOVE_ZERO = { least: 0, above: true };

/** More units than this in one layer is taken for a slip of the finger. */
const MOST_UNITS = 65536;

/**
 * Images for which every layer has room, and channels for its groups: what is found out before images are known is what could
 * not be for any.
 */
function largestImages(layers: readonly string[]): readonly number[] {
  const first = layers.find((layer) => layer.startsWith("conv "));
  const groups = Number(/ groups (\d+)/.exec(first ?? "")?.[1] ?? 1);
  return [2 ** 20, 2 ** 20, groups];
}

function requirePossible(text: string): void {
  const layers = readLayers(text);
  new Network({ shape: largestImages(layers), layers, outputs: 1 });
}

/** See lib/nn/layers/mod.ts. */
const LAYERS = kind.text(
  "layers",
  "layers with commas between them: conv N KxK [stride S] [valid] [groups G], pool P, avg-pool P, global-average, dense N, " +
    "an activation, batch-norm, dropout F, flatten",
  (text) => readLayers(text).join(", "),
  requirePossible,
);

/**
 * In the order in which logs, help and differences name them; of each its kind of value, its default, its place and its
 * words. Rows repeat their types for JSR, which derives those of the library without a compiler.
 */
export const OPTIONS = {
  hidden: option(kind.sizes("hidden layer size", MOST_UNITS), [100], HIDDEN, {
    help: "units of each hidden layer: 100, or 256,128, or none",
    example: "256,128",
    replaces: true,
  }) as Option<readonly number[]>,
  activation: option(choice("activation", "activations", ACTIVATIONS), "sigmoid", HIDDEN, {
    help: "activation function of the hidden layers",
    replaces: true,
  }) as Option<Activation>,
  learningRate: option(number("learning rate", ABOVE_ZERO), 0.1, TRAINING, {
    help: "step size, or the largest one of a schedule",
  }) as Option<number>,
  batchSize: option(number("batch size", COUNT), 256, TRAINING, {
    help: "rows of a batch",
    more: "The last batch of an epoch has the rest.",
  }) as Option<number>,
  epochs: option(number("number of epochs", COUNT), 40, TRAINING, {
    help: "passes over the training rows",
  }) as Option<number>,
  adapt: option(kind.someOf("option to adapt", "options to adapt", ADAPTED), [], TRAINING, {
    help: "options that are lowered as the number of training rows asks for",
    more:
      "Each is then the most that there is; see docs/tables.md. One that is given itself stays as it is given.",
    example: "batchSize,epochs",
  }) as Option<readonly Adapted[]>,
  shards: option(number("number of shards", SHARDS), 1, TRAINING, {
    help: "parts of a batch whose gradients are taken apart and added along a tree",
    more: "A power of two. The network is the same for any number of processes up to it " +
      "(`train:mpi`), and is another for another number of shards. " +
      "Batches are normalized shard by shard.",
    example: "4",
  }) as Option<number>,
  l1: option(number("L1 penalty", FROM_ZERO), 0, LOSS, {
    help: "weight of the penalty l1 sum|w| / rows of the batch",
    more: "Part of the loss of all training rows and of the gradient; not of biases.",
    example: "0.01",
  }) as Option<number>,
  l2: option(number("L2 penalty", FROM_ZERO), 0, LOSS, {
    help: "weight of the penalty l2/2 sum w^2 / rows of the batch",
    more: "Part of the loss of all training rows and of the gradient; not of biases.",
    example: "0.01",
  }) as Option<number>,
  seed: option(number("seed", SEED), 42, TRAINING, {
    help: "draws the weights and the order of rows",
    more: "The weights first, then one permutation of the training rows each epoch.",
  }) as Option<number>,
  freezeOutputBias: option(kind.flag, true, NETWORK, {
    help: "keep the output layer's bias at zero",
    inWords: ["output bias kept at 0", "output bias trained"],
  }) as Option<boolean>,
  initializer: option(choice("initializer", "initializers", INITIALIZERS), "normal", NETWORK, {
    help: "distribution of the first weights",
    more: "Biases start at zero.",
  }) as Option<Initializer>,
  layers: option(LAYERS, null, NETWORK, {
    help: "hidden layers one by one; replaces --hidden, --activation, --dropout and --batch-norm",
    more:
      "From the input side; the output layer follows. `batch-norm` stands right after `dense N` or `conv N KxK`.",
    example: '"dense 64, relu, dropout 0.2"',
  }) as Option<string | null>,
  optimizer: option(choice("optimizer", "optimizers", OPTIMIZERS), "sgd", OPTIMIZER, {
    help: "how gradients change weights",
    more: "Formulas, and the defaults of each, are PyTorch's.",
  }) as Option<OptimizerName>,
  momentum: option(number("momentum", FRACTION), 0.9, ofOptimizers("momentum"), {
    help: "share of the velocity kept from step to step",
  }) as Option<number>,
  nesterov: option(kind.flag, false, ofOptimizers("nesterov"), {
    help: "look ahead to where the velocity leads",
  }) as Option<boolean>,
  beta1: option(number("beta1", FRACTION), 0.9, ofOptimizers("beta1"), {
    help: "share of the mean gradient kept from step to step",
  }) as Option<number>,
  beta2: option(number("beta2", FRACTION), 0.999, ofOptimizers("beta2"), {
    help: "share of the mean square kept from step to step",
  }) as Option<number>,
  alpha: option(number("smoothing alpha", FRACTION), 0.99, ofOptimizers("alpha"), {
    help: "share of the mean square kept from step to step",
  }) as Option<number>,
  // Far above float32's smallest numbers: it keeps what never had a gradient from 0 / 0.
  epsilon: option(number("divisor's epsilon", { least: 1e-30 }), 1e-8, ofOptimizers("epsilon"), {
    help: "added to the root of the mean square",
  }) as Option<number>,
  weightDecay: option(number("weight decay", FROM_ZERO), 0.01, ofOptimizers("weightDecay"), {
    help: "share of each weight taken away, apart from gradients",
    more: "A step takes away this times the learning rate; not from biases.",
  }) as Option<number>,
  clipNorm: option(number("clipping norm", FROM_ZERO), 0, OPTIMIZER, {
    help: "largest norm of all gradients together; 0 for any",
    more: "Penalties are not included; as PyTorch's `clip_grad_norm_`.",
    example: "1",
  }) as Option<number>,
  schedule: option(choice("schedule", "schedules", SCHEDULES), "constant", SCHEDULE, {
    help: "how the learning rate changes",
    more: "With every batch: `cosine` falls to 0, `one-cycle` rises and falls.",
  }) as Option<Schedule>,
  scheduleStep: option(number("schedule step", COUNT), 10, STEP, {
    help: "epochs between two changes",
  }) as Option<number>,
  scheduleFactor: option(number("schedule factor", ABOVE_ZERO), 0.1, STEP, {
    help: "factor of the rate at each change",
  }) as Option<number>,
  pctStart: option(number("rising part", FRACTION), 0.3, ONE_CYCLE, {
    help: "part of all steps in which the rate rises",
  }) as Option<number>,
  divFactor: option(number("division factor", FROM_ONE), 25, ONE_CYCLE, {
    help: "the first rate is the largest divided by this",
  }) as Option<number>,
  finalDivFactor: option(number("final division factor", FROM_ONE), 1e4, ONE_CYCLE, {
    help: "the last rate is the first divided by this",
  }) as Option<number>,
  warmup: option(number("warm-up", FROM_ZERO), 0, WARMED_UP, {
    help: "linear rise at first, for a part of all steps if below 1, else epochs",
    example: "0.1",
  }) as Option<number>,
  dropout: option(number("dropout rate", FRACTION), 0, HIDDEN, {
    help: "share of hidden units' outputs dropped in training",
    example: "0.2",
  }) as Option<number>,
  batchNorm: option(kind.flag, false, HIDDEN, {
    help: "normalize hidden layers by the batch before their activation",
    more: "No batch may then have a single row.",
  }) as Option<boolean>,
  labelSmoothing: option(number("label smoothing", { least: 0, most: 1 }), 0, LOSS, {
    help: "share of a label spread over all classes",
    more: "In training only.",
    example: "0.1",
  }) as Option<number>,
  classWeights: option(kind.weights, "none", LOSS, {
    help: "weight of each class's rows: none, balanced, or a number a class",
    more: "In training only. `balanced` is rows / (classes x rows of the class).",
  }) as Option<kind.ClassWeights>,
  positiveWeight: option(number("positive weight", ABOVE_ZERO), 1, LOSS, {
    help: "weight of a yes in the loss: binary and multi-label tasks",
    more: "In training only; as PyTorch's `pos_weight`.",
    example: "3",
  }) as Option<number>,
  huber: option(number("Huber's delta", FROM_ZERO), 0, LOSS, {
    help: "regression: largest error that is squared; 0 for any",
    more: "In standard deviations of the target; Huber's loss is linear beyond it.",
    example: "1",
  }) as Option<number>,
  flip: option(kind.flag, false, IMAGES, {
    help: "mirror every other training image, anew each epoch",
  }) as Option<boolean>,
  shift: option(number("shift", { whole: true, least: 0, most: 16 }), 0, IMAGES, {
    help: "shift training images by up to so many pixels",
    more: "In both directions, anew each epoch; black comes in.",
    example: "2",
  }) as Option<number>,
  standardize: option(kind.flag, false, IMAGES, {
    help: "inputs of mean 0 and deviation 1, by the training pixels",
    more: "(x / 255 - mean) / std; models are saved with it folded into their first layer.",
  }) as Option<boolean>,
  validation: option(number("validation fraction", FRACTION), 0.2, VALIDATION, {
    help: "fraction of rows to validate with; 0: train on all",
  }) as Option<number>,
  splitSeed: option(number("split seed", SEED), 42, VALIDATION, {
    help: "draws the validation rows",
  }) as Option<number>,
  monitor: option(choice("metric", "metrics", METRIC_NAMES), "loss", VALIDATION, {
    help: "what patience and the best epoch go by, on the validation rows",
    more: "A metric of the task.",
    example: "accuracy",
  }) as Option<string>,
  threshold: option(kind.threshold, 0.5, VALIDATION, {
    help: "from which probability on the answer is yes: a number, f1 or recall=F",
    more:
      "Binary tasks (of multi-label tasks a number). `f1` and `recall=0.9` choose it on the validation rows, for the best F1, or " +
      "as high as that recall allows. The model keeps it.",
    example: "f1",
  }) as Option<kind.Threshold>,
  patience: option(number("patience", { whole: true, least: 0 }), 0, VALIDATION, {
    help: "stop after so many epochs without a better validation",
    more: "By `--monitor`, the loss by default. 0 trains all epochs.",
    example: "5",
  }) as Option<number>,
  restoreBest: option(kind.flag, false, VALIDATION, {
    help: "save the best epoch's network (default: with --patience)",
    more: "Best by `--monitor`, the validation loss by default.",
  }) as Option<boolean>,
};

/** A training run's configuration: a value for every option. */
export type TrainConfig = {
  readonly [Name in keyof typeof OPTIONS]: (typeof OPTIONS)[Name]["default"];
};

export type OptionName = keyof TrainConfig;

/** The table, for those who go through it. */
export const OPTION_LIST = Object.entries(OPTIONS).map(([name, row]) => ({
  ...row as Option<unknown>,
  name: name as OptionName,
  flag: flagOf(name),
}));

/** "--learning-rate" of "learningRate". */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
}

/** A value as one would type it, as in "--learning-rate 0.1" and "--no-flip". */
export function typed(name: OptionName, value: unknown): string {
  const { inWords, placeholder, write } = OPTIONS[name] as Option<unknown>;
  if (inWords) return inWords[value ? 0 : 1];
  const flag = flagOf(name);
  if (placeholder === "") return value ? flag : flag.replace("--", "--no-");
  return `${flag} ${write(value)}`;
}

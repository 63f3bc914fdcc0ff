/**
 * Every option of a training run, one row each. The type of a configuration, its checks, presets, flags of the command line
 * with their help, search spaces, what a resumed run must have in common with itself, and docs/reference/options.md all
 * follow from this table: a new option is a row here, and its use.
 */
import { UsageError } from "../errors.ts";
import { type Activation, ACTIVATIONS } from "../nn/activations.ts";
import { type Initializer, INITIALIZERS } from "../nn/initializers.ts";
import { type OptimizerName, OPTIMIZERS } from "../nn/optimizers/mod.ts";
import {
  choice,
  type ClassWeights,
  flag,
  FRACTION,
  type Kind,
  number,
  SEED,
  sizes,
  text,
  weights,
} from "./kinds.ts";

/** The groups of `--help` and of the reference. */
export type Group =
  | "Training"
  | "Network"
  | "Loss"
  | "Optimizer"
  | "Learning-rate schedule"
  | "Training images"
  | "Validation";

export const SCHEDULES = ["constant", "step", "cosine", "one-cycle"] as const;
export type Schedule = typeof SCHEDULES[number];

interface Row<T> {
  /**
   * What the preset `baseline` does, and what runs did before there was the option: their states and logs, which do not name
   * it, stay resumable.
   */
  readonly default: T;
  readonly group: Group;
  /** One line for `--help`. */
  readonly help: string;
  /** More for the reference: formulas, units, what happens beside other options. */
  readonly more?: string;
  /** A value as one would type it, where the default is not one to try. */
  readonly example?: string;
  /** The choices that the option belongs to; it has no effect beside others. */
  readonly only?: {
    readonly optimizer?: readonly OptimizerName[];
    readonly schedule?: readonly Schedule[];
  };
  /** An option that says all of this one, and beside which it has no effect. */
  readonly unless?: "layers";
  /** Whether this one, if given, takes the place of a preset's `unless`. */
  readonly replaces?: boolean;
  /** How a flag that the command line does not have reads in a preset's help: if true, and if false. */
  readonly inWords?: readonly [string, string];
}

export interface Option<T> extends Kind<T>, Row<T> {}

function option<T>(kind: Kind<T>, row: Row<NoInfer<T>>): Option<T> {
  return { ...kind, ...row };
}

/** More units than this in one layer is taken for a slip of the finger. */
const MOST_UNITS = 65536;

function refuseLayers(text: string): never {
  throw new UsageError(
    `Cannot train with the layers "${text}": lists of layers are not supported yet; ` +
      "use --hidden, --activation, --dropout and --batch-norm",
  );
}

const RMS = ["adam", "adamw", "rmsprop"] as const;
const ADAM = ["adam", "adamw"] as const;

/**
 * In the order in which logs, help and differences name them. Each row repeats its type for JSR, which derives the library's
 * types without a compiler.
 */
export const OPTIONS = {
  hidden: option(sizes("hidden layer size", MOST_UNITS), {
    default: [100],
    example: "256,128",
    group: "Network",
    unless: "layers",
    replaces: true,
    help: "units of each hidden layer: 100, or 256,128, or none",
    more: "From the input side.",
  }) as Option<readonly number[]>,
  activation: option(choice("activation", "activations", ACTIVATIONS), {
    default: "sigmoid",
    group: "Network",
    unless: "layers",
    replaces: true,
    help: "of the hidden layers",
  }) as Option<Activation>,
  learningRate: option(number("learning rate", { least: 0, above: true }), {
    default: 0.1,
    group: "Training",
    help: "step size, or the largest one of a schedule",
  }) as Option<number>,
  batchSize: option(number("batch size", { whole: true, least: 1 }), {
    default: 256,
    group: "Training",
    help: "rows of a batch",
    more: "The last batch of an epoch has the rest.",
  }) as Option<number>,
  epochs: option(number("number of epochs", { whole: true, least: 1 }), {
    default: 40,
    group: "Training",
    help: "passes over the training rows",
  }) as Option<number>,
  l1: option(number("L1 penalty", { least: 0 }), {
    default: 0,
    example: "0.01",
    group: "Loss",
    help: "weight of the penalty l1 sum|w|",
    more: "Part of the loss of all training rows and of the gradient; not of biases.",
  }) as Option<number>,
  l2: option(number("L2 penalty", { least: 0 }), {
    default: 0,
    example: "0.01",
    group: "Loss",
    help: "weight of the penalty l2/2 sum w^2",
    more: "Part of the loss of all training rows and of the gradient; not of biases.",
  }) as Option<number>,
  seed: option(number("seed", SEED), {
    default: 42,
    group: "Training",
    help: "draws the weights and the order of rows",
    more: "The weights first, then one permutation of the training rows each epoch.",
  }) as Option<number>,
  freezeOutputBias: option(flag, {
    default: true,
    group: "Network",
    inWords: ["output bias kept at 0", "output bias trained"],
    help: "keep the output layer's bias at zero (library only)",
  }) as Option<boolean>,
  initializer: option(choice("initializer", "initializers", INITIALIZERS), {
    default: "normal",
    group: "Network",
    help: "distribution of the first weights",
    more: "Biases start at zero.",
  }) as Option<Initializer>,
  layers: option(text("layers", "a list of layers with commas between them", refuseLayers), {
    default: null,
    example: '"dense 64, relu, dropout 0.2"',
    group: "Network",
    help: "hidden layers one by one; replaces --hidden, --activation, --dropout and --batch-norm",
  }) as Option<string | null>,
  optimizer: option(choice("optimizer", "optimizers", OPTIMIZERS), {
    default: "sgd",
    group: "Optimizer",
    help: "how gradients change weights",
    more: "Formulas, and the defaults of each, are PyTorch's.",
  }) as Option<OptimizerName>,
  momentum: option(number("momentum", FRACTION), {
    default: 0.9,
    group: "Optimizer",
    only: { optimizer: ["momentum"] },
    help: "momentum: share of the velocity kept from step to step",
  }) as Option<number>,
  nesterov: option(flag, {
    default: false,
    group: "Optimizer",
    only: { optimizer: ["momentum"] },
    help: "momentum: look ahead to where the velocity leads",
  }) as Option<boolean>,
  beta1: option(number("beta1", FRACTION), {
    default: 0.9,
    group: "Optimizer",
    only: { optimizer: ADAM },
    help: "adam, adamw: share of the mean gradient kept from step to step",
  }) as Option<number>,
  beta2: option(number("beta2", FRACTION), {
    default: 0.999,
    group: "Optimizer",
    only: { optimizer: ADAM },
    help: "adam, adamw: share of the mean square kept from step to step",
  }) as Option<number>,
  alpha: option(number("smoothing alpha", FRACTION), {
    default: 0.99,
    group: "Optimizer",
    only: { optimizer: ["rmsprop"] },
    help: "rmsprop: share of the mean square kept from step to step",
  }) as Option<number>,
  // Far above float32's smallest numbers: it keeps what never had a gradient from 0 / 0.
  epsilon: option(number("divisor's epsilon", { least: 1e-30 }), {
    default: 1e-8,
    group: "Optimizer",
    only: { optimizer: RMS },
    help: "adam, adamw, rmsprop: added to the root of the mean square",
  }) as Option<number>,
  weightDecay: option(number("weight decay", { least: 0 }), {
    default: 0.01,
    group: "Optimizer",
    only: { optimizer: ["adamw"] },
    help: "adamw: share of each weight taken away, apart from gradients",
    more: "A step takes away this times the learning rate; not from biases.",
  }) as Option<number>,
  clipNorm: option(number("clipping norm", { least: 0 }), {
    default: 0,
    example: "1",
    group: "Optimizer",
    help: "largest norm of all gradients together; 0 for any",
    more: "Penalties are not included; as PyTorch's `clip_grad_norm_`.",
  }) as Option<number>,
  schedule: option(choice("schedule", "schedules", SCHEDULES), {
    default: "constant",
    group: "Learning-rate schedule",
    help: "how the learning rate changes",
    more: "With every batch: `cosine` falls to 0, `one-cycle` rises and falls.",
  }) as Option<Schedule>,
  scheduleStep: option(number("schedule step", { whole: true, least: 1 }), {
    default: 10,
    group: "Learning-rate schedule",
    only: { schedule: ["step"] },
    help: "step: epochs between two changes",
  }) as Option<number>,
  scheduleFactor: option(number("schedule factor", { least: 0, above: true }), {
    default: 0.1,
    group: "Learning-rate schedule",
    only: { schedule: ["step"] },
    help: "step: factor of the rate at each change",
  }) as Option<number>,
  pctStart: option(number("rising part", FRACTION), {
    default: 0.3,
    group: "Learning-rate schedule",
    only: { schedule: ["one-cycle"] },
    help: "one-cycle: part of all steps in which the rate rises",
  }) as Option<number>,
  divFactor: option(number("division factor", { least: 1 }), {
    default: 25,
    group: "Learning-rate schedule",
    only: { schedule: ["one-cycle"] },
    help: "one-cycle: the first rate is the largest divided by this",
  }) as Option<number>,
  finalDivFactor: option(number("final division factor", { least: 1 }), {
    default: 1e4,
    group: "Learning-rate schedule",
    only: { schedule: ["one-cycle"] },
    help: "one-cycle: the last rate is the first divided by this",
  }) as Option<number>,
  warmup: option(number("warm-up", { least: 0 }), {
    default: 0,
    example: "0.1",
    group: "Learning-rate schedule",
    only: { schedule: ["constant", "step", "cosine"] },
    help: "linear rise at first: part of all steps if below 1, else epochs",
  }) as Option<number>,
  dropout: option(number("dropout rate", FRACTION), {
    default: 0,
    example: "0.2",
    group: "Network",
    unless: "layers",
    help: "share of hidden units' outputs dropped in training",
  }) as Option<number>,
  batchNorm: option(flag, {
    default: false,
    group: "Network",
    unless: "layers",
    help: "normalize hidden layers by the batch before their activation",
    more: "No batch may then have a single row.",
  }) as Option<boolean>,
  labelSmoothing: option(number("label smoothing", { least: 0, most: 1 }), {
    default: 0,
    example: "0.1",
    group: "Loss",
    help: "share of a label spread over all classes",
    more: "In training only.",
  }) as Option<number>,
  classWeights: option(weights, {
    default: "none",
    group: "Loss",
    help: "weight of each class's rows: none, balanced, or a number a class",
    more: "In training only. `balanced` is rows / (classes x rows of the class).",
  }) as Option<ClassWeights>,
  flip: option(flag, {
    default: false,
    group: "Training images",
    help: "mirror every other training image, anew each epoch",
  }) as Option<boolean>,
  shift: option(number("shift", { whole: true, least: 0, most: 16 }), {
    default: 0,
    example: "2",
    group: "Training images",
    help: "shift training images by up to so many pixels",
    more: "In both directions, anew each epoch; black comes in.",
  }) as Option<number>,
  standardize: option(flag, {
    default: false,
    group: "Training images",
    help: "inputs of mean 0 and deviation 1, by the training pixels",
    more: "(x / 255 - mean) / std; models are saved with it folded into their first layer.",
  }) as Option<boolean>,
  validation: option(number("validation fraction", FRACTION), {
    default: 0.2,
    group: "Validation",
    help: "fraction of rows to validate with; 0: train on all",
  }) as Option<number>,
  splitSeed: option(number("split seed", SEED), {
    default: 42,
    group: "Validation",
    help: "draws the validation rows",
  }) as Option<number>,
  patience: option(number("patience", { whole: true, least: 0 }), {
    default: 0,
    example: "5",
    group: "Validation",
    help: "stop after so many epochs without a better validation loss",
    more: "0 trains all epochs.",
  }) as Option<number>,
  restoreBest: option(flag, {
    default: false,
    group: "Validation",
    help: "save the best epoch's network (default: with --patience)",
    more: "Best by the validation loss.",
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
export function flagOf(name: string): string {
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

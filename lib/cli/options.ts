/** The options of all commands, and the readers of their values. */
import type { BackendOptions } from "../backends/mod.ts";
import type { Language } from "../dataset/class_names.ts";
import { Option } from "commander";
import { UsageError } from "../errors.ts";
import { type BackendName, BACKENDS } from "../measure/backend_names.ts";
import { QUICK, THOROUGH } from "../measure/effort.ts";
import { ACTIVATIONS } from "../nn/activations.ts";
import { INITIALIZERS } from "../nn/initializers.ts";
import { OPTIMIZERS } from "../nn/optimizers/mod.ts";
import { METRICS, STRATEGIES } from "../run_log/search_schema.ts";
import { PRESETS, type TrainConfig } from "../train/config.ts";
import type { CheckpointInterval } from "../train/options.ts";
import { SCHEDULES } from "../train/schedule.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COUNT = /^\d+$/;

/** What every command that computes takes, as commander hands it over; left out is undefined. */
export interface CommonOptions extends BackendOptions {
  readonly backend: NonNullable<BackendOptions["backend"]>;
  readonly simd: NonNullable<BackendOptions["simd"]>;
  readonly dataDir?: string;
  readonly language: Language;
  readonly json?: boolean;
}

/** Of `train`, as commander hands them over; what the user left out is undefined. */
export interface TrainCommandOptions extends Partial<TrainConfig>, CommonOptions {
  readonly preset?: keyof typeof PRESETS;
  readonly run?: string;
  /** Name of the run to go on with. */
  readonly resume?: string;
  readonly checkpointEvery?: CheckpointInterval;
  /** How many runs to train, with a seed or a validation part each. */
  readonly seeds?: number;
  readonly folds?: number;
  /** Given by `search`: the epoch after which the trial makes way. */
  readonly trialUntil?: number;
}

/** The error of a value that cannot be read. Its range is the library's to check. */
function unreadable(flag: string, text: string, must: string): UsageError {
  return new UsageError(`Cannot read ${flag} ${JSON.stringify(text)}: it must be ${must}`);
}

/** An option whose value is one number; `example` is one. */
function numberOption(flag: string, description: string, example: string): Option {
  return new Option(flag, description).argParser((text: string): number => {
    const value = Number(text);
    if (NUMBER.test(text) && Number.isFinite(value)) return value;
    const [name] = flag.split(" ");
    throw unreadable(name, text, `a number, such as ${name} ${example}`);
  });
}

/** An option whose value is one of a few words. */
function choiceOption(flag: string, description: string, choices: readonly string[]): Option {
  return new Option(flag, description).choices(choices).argParser((text: string): string => {
    if (choices.includes(text)) return text;
    throw unreadable(flag.split(" ")[0], text, `one of ${choices.join(", ")}`);
  });
}

/** Whole numbers with commas between them, or null. */
function readList(text: string, item: RegExp): number[] | null {
  const parts = text.split(",").map((part) => part.trim());
  return parts.every((part) => item.test(part)) ? parts.map(Number) : null;
}

function readHidden(text: string): number[] {
  const sizes = text === "none" ? [] : readList(text, NUMBER);
  if (sizes) return sizes;
  const must = "whole numbers with commas between them, such as --hidden 256,128, or none";
  throw unreadable("--hidden", text, must);
}

function readIndex(text: string): number[] {
  const rows = readList(text, COUNT);
  if (rows) return rows;
  const must = "rows of the test set, counted from 0, such as --index 0,1,2";
  throw unreadable("--index", text, must);
}

/** The help's groups, which name the choice that each option belongs to. */
const optimizerOptions = [
  choiceOption("--optimizer <name>", "how gradients change weights", OPTIMIZERS),
  numberOption("--momentum <f>", "momentum: what is left of the velocity", "0.9"),
  new Option("--nesterov", "momentum: look ahead to where the velocity leads"),
  numberOption("--beta1 <f>", "adam, adamw: what is left of the mean gradient", "0.9"),
  numberOption("--beta2 <f>", "adam, adamw: what is left of the mean square", "0.999"),
  numberOption("--alpha <f>", "rmsprop: what is left of the mean square", "0.99"),
  numberOption("--epsilon <f>", "adam, adamw, rmsprop: added to its root", "1e-8"),
  numberOption("--weight-decay <f>", "adamw: what weights lose, apart from gradients", "0.01"),
  numberOption("--clip-norm <f>", "largest norm of all gradients together; 0 for any", "1"),
].map((option) => option.helpGroup("Optimizer:"));

const scheduleOptions = [
  choiceOption("--schedule <name>", "how the learning rate changes", SCHEDULES),
  numberOption("--warmup <f>", "rise at first: part of all steps if below 1, else epochs", "0.1"),
  numberOption("--schedule-step <n>", "step: epochs until the next one", "10"),
  numberOption("--schedule-factor <f>", "step: what the rate is multiplied by", "0.1"),
  numberOption("--pct-start <f>", "one-cycle: part of all steps in which it rises", "0.3"),
  numberOption("--div-factor <f>", "one-cycle: it begins with the rate over this", "25"),
  numberOption("--final-div-factor <f>", "one-cycle: it ends with that over this", "10000"),
].map((option) => option.helpGroup("Schedule of the learning rate:"));

function readClassWeights(text: string): "none" | "balanced" | number[] {
  if (text === "none" || text === "balanced") return text;
  const weights = readList(text, NUMBER);
  if (weights) return weights;
  throw unreadable("--class-weights", text, "none, balanced, or a number a class, such as 1,2,0.5");
}

/** What stands around the layers' products, and the loss. */
const layerOptions = [
  numberOption("--dropout <f>", "share of hidden units' outputs dropped in training", "0.2"),
  new Option("--batch-norm", "normalise hidden layers by the batch before their activation"),
  new Option("--no-batch-norm", "do not, where the preset does"),
  numberOption("--label-smoothing <f>", "share of a label spread over all classes", "0.1"),
  new Option("--class-weights <w>", "what rows count: none, balanced, or a number a class")
    .argParser(readClassWeights),
];

/** An option and its opposite; what the user left out is undefined. */
function flagOptions(name: string, description: string): Option[] {
  return [
    new Option(`--${name}`, description),
    new Option(`--no-${name}`).hideHelp(),
  ];
}

/** Options of a training run. A value that is left out is the preset's, unless `epochs` says otherwise. */
const trainingOptionsWith = (epochs = "") => [
  // Without a default of its own: a run that goes on has its own preset.
  choiceOption(
    "--preset <name>",
    "configuration to start from (default: baseline)",
    Object.keys(PRESETS),
  ),
  new Option("--hidden <sizes>", "units of each hidden layer: 100, or 256,128, or none")
    .argParser(readHidden),
  choiceOption("--activation <name>", "of the hidden layers", ACTIVATIONS),
  choiceOption("--initializer <name>", "how the weights are drawn", INITIALIZERS),
  numberOption("--learning-rate <f>", "step size, or the largest one of a schedule", "0.1"),
  numberOption("--batch-size <n>", "rows of a batch", "256"),
  numberOption("--epochs <n>", `passes over the training rows${epochs}`, "40"),
  numberOption("--l1 <f>", "weight of the penalty l1 sum|w|", "0.01"),
  numberOption("--l2 <f>", "weight of the penalty l2/2 sum w^2", "0.01"),
  numberOption("--seed <n>", "draws the weights and the order of rows", "42"),
  numberOption("--split-seed <n>", "draws the validation rows", "42"),
  ...layerOptions,
  ...optimizerOptions,
  ...scheduleOptions,
  ...flagOptions("flip", "mirror every other training picture, anew each epoch"),
  numberOption("--shift <n>", "shift training pictures by up to so many pixels", "2"),
  ...flagOptions("standardize", "inputs of mean 0 and deviation 1, by the training pixels"),
  numberOption("--validation <f>", "fraction of rows to validate with; 0: train on all", "0.2"),
];

/** When training stops, and which network is saved. */
const controlOptions = [
  numberOption("--patience <n>", "stop after so many epochs without a better validation loss", "5"),
  ...flagOptions("restore-best", "save the best epoch's network (default: with --patience)"),
];

/** Several runs of one configuration. */
const seriesOptions = [
  numberOption("--seeds <n>", "train so many runs, with seeds from --seed on", "5"),
  numberOption("--folds <n>", "cross-validate: train so many runs, each validated elsewhere", "5"),
];

const trainingOptions = trainingOptionsWith();

export const runOption = new Option(
  "--run <name>",
  "name of the run's folder below runs/ (default: made of time and preset)",
);

const resumeOption = new Option(
  "--resume <run>",
  "go on with a run that was interrupted or killed, to the same bits",
);

function readInterval(text: string): CheckpointInterval {
  const [, number, seconds] = /^(\d+(?:\.\d+)?)(s?)$/.exec(text) ?? [];
  if (seconds && Number(number) > 0) return { seconds: Number(number) };
  if (!seconds && Number(number) >= 1 && COUNT.test(text)) return { epochs: Number(number) };
  const must = "a number of epochs, such as 5, or of seconds, such as 30s";
  throw unreadable("--checkpoint-every", text, must);
}

const checkpointOption = new Option(
  "--checkpoint-every <n>",
  "epochs, or seconds as in 30s, between two places to go on from (default: 1)",
).argParser(readInterval);

/**
 * What `search` starts `train` with: it ends after that epoch, as after Ctrl-C, and as soon as its standard input ends,
 * which also tells it that the search is gone.
 */
const trialOption = numberOption("--trial-until <epoch>", "as a trial of a search", "9")
  .hideHelp();

const adapterOption = new Option(
  "--adapter <name>",
  "of the webgpu back end: number or part of the name, or list to see them",
);

export const backendOptions = [
  choiceOption("--backend <name>", "where to compute", ["wasm", "webgpu", "reference", "auto"])
    .default("auto"),
  choiceOption(
    "--simd <build>",
    "WebAssembly kernels: fused multiply-add (relaxed) or not",
    ["auto", "relaxed", "strict"],
  ).default("auto"),
  numberOption("--threads <n>", "of the wasm back end (default: the processors, at most 8)", "2"),
  adapterOption,
];

function readBackends(text: string): BackendName[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every(isBackendName)) return BACKENDS.filter((name) => names.includes(name));
  const must = `some of ${BACKENDS.join(",")} with commas between them`;
  throw unreadable("--backends", text, must);
}

function isBackendName(name: string): name is BackendName {
  return BACKENDS.some((known) => known === name);
}

export const compareOptions = [
  new Option("--backends <names>", "what to compare: some of " + BACKENDS.join(","))
    .argParser(readBackends).default(BACKENDS, "all"),
  adapterOption,
  new Option("--quick", "half a minute's work: fewer rows, epochs, threads and sizes, more noise"),
  new Option(
    "--out <name>",
    "name of the folder below runs/ (default: compare- and the time)",
  ),
  ...trainingOptionsWith(` (default: ${THOROUGH.epochs}, or ${QUICK.epochs} with --quick)`),
];

function readDuration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as "s" | "m" | "h"];
  if (ms > 0) return ms;
  throw unreadable("--time", text, "seconds, minutes or hours, such as 90s, 10m or 2h");
}

/** Without defaults: a search that goes on has its own. */
export const searchOptions = [
  new Option("--space <file>", "JSON file that says which options of train to vary, and how"),
  numberOption("--trials <n>", "trials to draw (default: 27, or what --time allows)", "27"),
  new Option("--time <duration>", "how long it may take, such as 90s, 10m or 2h")
    .argParser(readDuration),
  choiceOption(
    "--strategy <name>",
    "halving: the best third goes on with more epochs; random: all train to their ends " +
      "(default: halving)",
    STRATEGIES,
  ),
  choiceOption("--metric <name>", "to compare trials by (default: validation-loss)", METRICS),
  numberOption("--seed <n>", "draws the trials (default: 0)", "0"),
  numberOption(
    "--workers <n>",
    "trials at once, of one thread each (default: the processors)",
    "2",
  ),
  new Option(
    "--name <name>",
    "name of the search's folder below runs/, and of its trials' before their numbers (default: " +
      "search- and the time)",
  ),
  new Option("--resume <name>", "go on with a search that was interrupted or killed"),
];

export const dataDirOption = new Option(
  "--data-dir <dir>",
  "folder with IDX files (default: WEFT_DATA_DIR, or else Fashion-MNIST from wherever it can be " +
    "had)",
);

export const languageOption = choiceOption(
  "--language <code>",
  "of Fashion-MNIST's class names",
  ["en", "ko"],
).default("en");

export const jsonOption = new Option("--json", "print JSON instead of text");

/** Read by main.ts, whatever the command does. */
export const debugOption = new Option("--debug", "print the stack trace of an error");

/** All of `train`. */
export const trainOptions = [
  ...trainingOptions,
  ...controlOptions,
  ...seriesOptions,
  ...backendOptions,
  dataDirOption,
  runOption,
  resumeOption,
  checkpointOption,
  languageOption,
  trialOption,
];

export const modelOption = new Option(
  "--model <file>",
  "model file, or the name of a run (default: the newest run's)",
);

/** Texts with commas between them; spaces around them do not belong to them. */
function listOption(flag: string, description: string, example: string): Option {
  return new Option(flag, description).argParser((text: string): string[] => {
    const parts = text.split(",").map((part) => part.trim());
    if (!parts.includes("")) return parts;
    const [name] = flag.split(" ");
    throw unreadable(name, text, `names with commas between them, such as ${name} ${example}`);
  });
}

export const importOptions = [
  new Option("--file <file>", "safetensors file with PyTorch's names").makeOptionMandatory(),
  choiceOption("--activation <name>", "of the hidden layers", ACTIVATIONS),
  numberOption("--height <n>", "pixels of a picture (default: the root of the inputs)", "28"),
  numberOption("--width <n>", "pixels of a picture (default: the root of the inputs)", "28"),
  listOption("--class-names <a,b,...>", "in the outputs' order (default: 0,1,...)", "cat,dog"),
  numberOption("--input-scale <f>", "what bytes were multiplied by (default: 1/255)", "1"),
  numberOption("--mean <f>", "what was subtracted from scaled pixels (default: 0)", "0.286"),
  numberOption("--std <f>", "what the difference was divided by (default: 1)", "0.353"),
  listOption(
    "--layers <a,b,...>",
    "names from the input side (default: in the names' order)",
    "input,hidden,output",
  ),
];

export const imageOption = new Option("--image <file>", "PNG to classify, of any size");

export const invertOption = new Option(
  "--invert",
  "the PNG is dark on light; the data is light on dark",
);

export const indexOption = new Option("--index <rows>", "rows of the test set, from 0: 0,1,2")
  .argParser(readIndex);

/** What a model can be exported as: "edge" is a folder that answers requests. */
export const EXPORT_FORMATS = ["edge", "onnx", "safetensors"] as const;
export type ExportFormat = typeof EXPORT_FORMATS[number];

export const exportOptions = [
  choiceOption("--format <name>", "a predictor for the edge, or a file", EXPORT_FORMATS)
    .default("edge"),
  new Option(
    "--out <path>",
    "folder of the predictor; file to write, or a folder with / at its end",
  ).default("dist/"),
  new Option("--quantize", "weights of 8 bits: a quarter of the size (edge)"),
];

export const serveOptions = [
  new Option("--dir <dir>", "folder that export wrote").default("dist/"),
  numberOption("--port <n>", "of this machine alone; 0 takes any free one", "8422").default(8422),
];

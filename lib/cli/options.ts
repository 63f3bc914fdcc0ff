/** Readers of option values, and the options that several commands share. */
import { Option } from "commander";
import { ACTIVATIONS } from "../nn/activations.ts";
import { PRESETS } from "../train/config.ts";
import { UsageError } from "../errors.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A reader of one number; its range is the library's to check. */
function number(flag: string, example: string): (text: string) => number {
  return (text) => {
    if (NUMBER.test(text)) return Number(text);
    throw new UsageError(
      `Cannot read ${flag} ${
        JSON.stringify(text)
      }: it must be a number, such as ${flag} ${example}`,
    );
  };
}

/** A reader of whole numbers with commas between them. */
function numbers(flag: string, example: string): (text: string) => number[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.every((part) => NUMBER.test(part))) return parts.map(Number);
    throw new UsageError(
      `Cannot read ${flag} ${
        JSON.stringify(text)
      }: it must be whole numbers with commas between them, such as ` +
        `${flag} ${example}`,
    );
  };
}

function hidden(text: string): number[] {
  return text === "none" ? [] : numbers("--hidden", "100 or 256,128 (none: no hidden layer)")(text);
}

/** Options of a training run. A value that is left out is the preset's. */
export const trainingOptions = [
  new Option("--preset <name>", "configuration to start from").choices(Object.keys(PRESETS))
    .default("baseline"),
  new Option("--hidden <sizes>", "units of each hidden layer: 100, or 256,128, or none")
    .argParser(hidden),
  new Option("--activation <name>", "of the hidden layers").choices(ACTIVATIONS),
  new Option("--learning-rate <f>", "step size of gradient descent")
    .argParser(number("--learning-rate", "0.1")),
  new Option("--batch-size <n>", "rows of a batch").argParser(number("--batch-size", "256")),
  new Option("--epochs <n>", "passes over the training rows").argParser(number("--epochs", "40")),
  new Option("--l1 <f>", "weight of the penalty l1 sum|w|").argParser(number("--l1", "0.01")),
  new Option("--l2 <f>", "weight of the penalty l2/2 sum w^2").argParser(number("--l2", "0.01")),
  new Option("--seed <n>", "draws the weights and the order of rows")
    .argParser(number("--seed", "42")),
  new Option("--split-seed <n>", "draws the validation rows")
    .argParser(number("--split-seed", "42")),
];

export const runOption = new Option("--run <name>", "name of the run's folder below runs/");

export const backendOptions = [
  new Option("--backend <name>", "where to compute").choices(["wasm", "reference", "auto"])
    .default("auto"),
  new Option("--simd <build>", "WebAssembly kernels: fused multiply-add (relaxed) or not")
    .choices(["auto", "relaxed", "strict"]).default("auto"),
];

export const dataDirOption = new Option(
  "--data-dir <dir>",
  "folder with IDX files (default: WEFT_DATA_DIR, or else Fashion-MNIST from wherever it can be had)",
);

export const languageOption = new Option("--language <code>", "of Fashion-MNIST's class names")
  .choices(["en", "ko"]).default("en");

export const jsonOption = new Option("--json", "print JSON instead of text");

export const modelOption = new Option(
  "--model <file>",
  "model file, or the name of a run (default: the newest run's)",
);

export const imageOption = new Option("--image <file>", "PNG to classify, of any size");

export const invertOption = new Option(
  "--invert",
  "the PNG is dark on light; the data is light on dark",
);

export const indexOption = new Option("--index <rows>", "rows of the test set, from 0: 0,1,2")
  .argParser(numbers("--index", "0,1,2"));

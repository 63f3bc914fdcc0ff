/** Options that several commands have. */
import { Option } from "commander";
import type { BackendOptions } from "../../backends/mod.ts";
import type { Language } from "../../dataset/class_names.ts";
import { choiceOption, numberOption, pathOption } from "./values.ts";

/** What every command that computes takes, as commander hands it over; left out is undefined. */
export interface CommonOptions extends BackendOptions {
  readonly backend: NonNullable<BackendOptions["backend"]>;
  readonly simd: NonNullable<BackendOptions["simd"]>;
  readonly dataDir?: string;
  readonly language: Language;
  readonly json?: boolean;
}

export const adapterOption = new Option(
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

export const dataDirOption = pathOption(
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

export const modelOption = new Option(
  "--model <file>",
  "model file, or the name of a run (default: the newest run's)",
);

export const runOption = new Option(
  "--run <name>",
  "name of the run's folder below runs/ (default: made of time and preset)",
);

export const runsOption = pathOption(
  "--runs <dir>",
  "folder of all runs (default: runs/ in WEFT_HOME, or else in Weft's folder)",
);

/** Options of the commands that take or make a model: `evaluate`, `predict`, `import`, `export` and `serve`. */
import { Option } from "commander";
import { ACTIVATIONS } from "../../nn/activations.ts";
import { backendOptions, dataDirOption, languageOption, modelOption, runOption } from "./common.ts";
import { EXPORT_DIR } from "../../run_log/shared/file_names.ts";
import { homePath } from "../places.ts";
import { hostOption, originOption } from "./server.ts";
import { arrayOptions, dataFileOptions, imageOptions, tableOptions } from "./tables.ts";
import { choiceOption, names, numberOption, pathOption, rows, valueOption } from "./values.ts";

const arrayNames = arrayOptions.filter(({ long }) => long === "--inputs");
const brokenImages = imageOptions.filter(({ long }) => long === "--skip-broken");

export const evaluateOptions = [
  modelOption,
  ...tableOptions.filter(({ long }) => long === "--target"),
  ...arrayNames,
  ...brokenImages,
  dataDirOption,
  ...backendOptions,
  languageOption,
];

export const predictOptions = [
  modelOption,
  valueOption("--index <rows>", "rows of the test set, from 0: 0,1,2", rows, "0,1,2"),
  pathOption("--image <file>", "PNG, JPEG or WebP to classify, of any size"),
  new Option("--invert", "images are dark on light; the data is light on dark"),
  new Option("--proba", "of rows: also the probability of every class"),
  new Option("--keep", "of a table: also the columns of the input"),
  ...arrayNames,
  ...brokenImages,
  dataDirOption,
  ...backendOptions,
  languageOption,
];

export const dataOptions = [
  ...dataFileOptions,
  dataDirOption,
  languageOption,
];

export const importOptions = [
  pathOption("--file <file>", "safetensors file with PyTorch's names").makeOptionMandatory(),
  choiceOption("--activation <name>", "of the hidden layers", ACTIVATIONS),
  new Option(
    "--network <layers>",
    "layers but the output's, for convolutions: conv 8 3x3, relu, pool 2",
  ),
  numberOption("--height <n>", "pixels of an image (default: the root of the inputs)", "28"),
  numberOption("--width <n>", "pixels of an image (default: the root of the inputs)", "28"),
  valueOption(
    "--class-names <a,b,...>",
    "in the outputs' order (default: 0,1,...)",
    names,
    "cat,dog",
  ),
  numberOption("--input-scale <f>", "what bytes were multiplied by (default: 1/255)", "1"),
  numberOption("--mean <f>", "what was subtracted from scaled pixels (default: 0)", "0.286"),
  numberOption("--std <f>", "what the difference was divided by (default: 1)", "0.353"),
  pathOption(
    "--preprocessing <file>",
    "of a network that takes rows: JSON with its columns, as model files have it",
  ),
  valueOption(
    "--layers <a,b,...>",
    "names from the input side; all else is left out (default: all)",
    names,
    "input,hidden,output",
  ),
  runOption,
];

/** What a model can be exported as: "edge" is a folder that answers requests. */
const EXPORT_FORMATS = ["edge", "module", "onnx", "safetensors"] as const;
export type ExportFormat = typeof EXPORT_FORMATS[number];

export const exportOptions = [
  modelOption,
  choiceOption("--format <name>", "a predictor for the edge, or a file", EXPORT_FORMATS)
    .default("edge"),
  pathOption(
    "--out <path>",
    "folder of the predictor; file to write, or a folder with / at its end",
  ).default(homePath(EXPORT_DIR), JSON.stringify(EXPORT_DIR)),
  new Option("--quantize", "weights of 8 bits: a quarter of the size (edge, module)"),
  originOption(),
  ...tableOptions.filter(({ long }) => long === "--target"),
  ...arrayNames,
  ...brokenImages,
  dataDirOption,
];

export const serveOptions = [
  pathOption("--dir <dir>", "folder that export wrote")
    .default(homePath(EXPORT_DIR), JSON.stringify(EXPORT_DIR)),
  numberOption("--port <n>", "of this machine alone; 0 takes any free one", "8422").default(8422),
  hostOption(),
  originOption(),
];

/** `predict`: the classes of images, with their probabilities. */
import { MOST_IMAGE_BYTES } from "../bytes/read_file.ts";
import { sniff } from "../bytes/sniff.ts";
import { translateClassNames } from "../dataset/class_names.ts";
import { formatText } from "../dataset/samples.ts";
import { UsageError } from "../errors.ts";
import { fitImageToNetwork, groundOf } from "../image/fit_to_network.ts";
import { networkInputOfPng } from "../image/network_input.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import { inputOf, type Model } from "../model/model.ts";
import { padEnd, printable } from "../report/display_width.ts";
import { formatPercent } from "../report/format.ts";
import { predictProbabilities } from "../train/inference.ts";
import { createNamedBackend, printAdapters } from "./choose_backend.ts";
import { loadTestSet } from "./load_data.ts";
import { loadModel } from "./load_model.ts";
import type { CommonOptions } from "./options/common.ts";
import { print, printErrorLine, printJson } from "./output.ts";
import { readNamedFile } from "./read_file.ts";

export interface PredictCommandOptions extends CommonOptions {
  /** "-", or a path that can be read, and is no folder of IDX files. */
  readonly data?: string;
  readonly proba?: boolean;
  readonly keep?: boolean;
  readonly inputs?: string;
  readonly skipBroken?: boolean;
  readonly model?: string;
  readonly index?: readonly number[];
  readonly image?: string;
  readonly invert?: boolean;
}

/** An image to classify: where it is from, its bytes, and its class where that is known. */
interface Sample {
  readonly source: string;
  readonly pixels: Uint8Array;
  readonly label: number | null;
}

/** Named by a variable: what a literal names, Deno loads before it runs anything, here two packages for every command. */
const IMAGES = "../images.ts";

/** Classes shown for each image. */
const SHOWN = 3;

export async function predictCommand(options: PredictCommandOptions): Promise<number> {
  if (options.adapter === "list") return await printAdapters(options);
  checkOptions(options);
  const { model } = await loadModel(options.model);
  if (options.data !== undefined) {
    const { preprocessing } = model;
    if (preprocessing) {
      const { predictTable } = await import("./tables/predict_table.ts");
      return await predictTable(options.data, { ...model, preprocessing }, options);
    }
    const { predictSamples } = await import("./samples/predict_samples.ts");
    return await predictSamples(options.data, model, options);
  }
  if (model.preprocessing) {
    throw new UsageError(
      "Cannot predict with this model from images: it was trained on a table; name rows, such as deno task predict rows.csv",
    );
  }
  if (model.task) {
    throw new UsageError(
      `Cannot predict with this model from images: its task is ${model.task}; use the library's predict, or export it`,
    );
  }
  const samples = options.index
    ? await testRows(model, options.index, options.dataDir)
    : [await image(model, options.image!, options.invert ?? false)];
  const pixels = new Uint8Array(samples.length * model.architecture.inputs);
  samples.forEach((sample, i) => pixels.set(sample.pixels, i * model.architecture.inputs));
  const note = options.index ? null : noteOnPixels(pixels, options.image!);
  if (note !== null) printErrorLine(`note: ${note}`);
  using backend = await createNamedBackend(options);
  const probabilities = await predictProbabilities(model, pixels, { backend });
  const names = translateClassNames(model.classNames, options.language);
  samples.forEach((sample, i) => {
    if (options.json) printSampleJson(sample, probabilities[i], names);
    else printText(sample, probabilities[i], names);
  });
  return 0;
}

function checkOptions(options: PredictCommandOptions): void {
  const { data, index, image, invert, proba, keep } = options;
  if (data !== undefined && (index || image !== undefined)) {
    const other = index ? "--index" : "--image";
    throw new UsageError(`Cannot predict from ${data} with ${other}: give one of them`);
  }
  if (data !== undefined) return;
  if (proba || keep) {
    throw new UsageError(
      `Cannot use ${proba ? "--proba" : "--keep"} without a table: name one, such as rows.csv`,
    );
  }
  if (index && image !== undefined) {
    throw new UsageError("Cannot predict from --index and --image at once: give one of them");
  }
  if (!index && image === undefined) {
    throw new UsageError(
      "Cannot predict without an image or a table: give rows of the test set, such as --index 0,1,2, " +
        "a PNG, such as --image shoe.png, or a table, such as rows.csv",
    );
  }
  if (index && invert) {
    throw new UsageError(
      "Cannot use --invert with --index: rows of the test set are as they should be; leave it out",
    );
  }
}

async function testRows(
  model: Model,
  rows: readonly number[],
  dataDir: string | undefined,
): Promise<Sample[]> {
  const { test } = await loadTestSet(dataDir, model);
  const size = test.height * test.width;
  return rows.map((row) => {
    if (row >= test.rows) {
      throw new UsageError(
        `Cannot predict from row ${row} of the test set: its rows are 0 to ${test.rows - 1}`,
      );
    }
    return {
      source: `row ${row}`,
      pixels: test.pixels.subarray(row * size, (row + 1) * size),
      label: test.labels[row],
    };
  });
}

async function image(model: Model, path: string, invert: boolean): Promise<Sample> {
  const input = inputOf(model);
  const [height, width, channels] = input.shape;
  if (input.element !== "uint8" || (channels !== 1 && channels !== 3)) {
    throw new UsageError(
      `Cannot predict from the image ${path}: the model takes ${formatText(input)}; ` +
        "name a model of images with --model",
    );
  }
  const bytes = await readNamedFile(
    path,
    "the image",
    "name a PNG, JPEG or WebP file",
    MOST_IMAGE_BYTES,
  );
  const fitted = { height, width, invert };
  if (!/^a (JPEG|WebP) image$/.test(sniff(bytes)?.what ?? "")) {
    return { source: path, pixels: networkInputOfPng(bytes, path, fitted, channels), label: null };
  }
  const { decodeImage }: typeof import("../images.ts") = await import(IMAGES);
  const decoded = await decodeImage(bytes, path, { channels, background: groundOf(fitted) });
  return { source: path, pixels: fitImageToNetwork(decoded, fitted), label: null };
}

/** Classes from the most to the least probable. */
function ranking(probabilities: Float32Array): number[] {
  return Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
}

function printText({ source, label }: Sample, probabilities: Float32Array, names: string[]): void {
  const truth = label === null ? "" : `, which is ${printable(names[label] ?? String(label))}`;
  print(`${printable(source)}${truth}`);
  for (const i of ranking(probabilities).slice(0, SHOWN)) {
    print(`  ${padEnd(printable(names[i]), 16)} ${formatPercent(probabilities[i]).padStart(8)}`);
  }
}

function printSampleJson(
  { source, label }: Sample,
  probabilities: Float32Array,
  names: string[],
): void {
  const [best] = ranking(probabilities);
  printJson({
    source,
    predicted: names[best],
    label: label === null ? null : names[label] ?? String(label),
    probabilities: Object.fromEntries(names.map((name, i) => [name, probabilities[i]])),
  });
}

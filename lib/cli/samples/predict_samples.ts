/** `predict DATA` with a model of images or arrays: an array, a table of pixels, an image, or a folder of images. */
import { MOST_IMAGE_BYTES } from "../../bytes/read_file.ts";
import { printable } from "../../report/display_width.ts";
import { UsageError, WeftError } from "../../errors.ts";
import { fitImageToNetwork, groundOf } from "../../image/fit_to_network.ts";
import { imageFiles } from "../../images/image_file.ts";
import { inputOf, type Model } from "../../model/model.ts";
import { sizeOf } from "../../nn/layer.ts";
import { predict, predictProbabilities } from "../../train/inference.ts";
import { createNamedBackend } from "../choose_backend.ts";
import { kindOfData } from "../data_kind.ts";
import { listImages } from "../images/list_images.ts";
import { interruption } from "../interruption.ts";
import type { CommonOptions } from "../options/common.ts";
import type { TableOptions } from "../options/tables.ts";
import { printErrorLine } from "../output.ts";
import { readNamedFile } from "../read_file.ts";
import { answerColumns } from "../tables/answer_columns.ts";
import { answerWriter } from "../tables/answer_writer.ts";
import { featuresForModel, imageInput } from "./model_samples.ts";

/** Named by a variable: what a literal names, Deno loads before it runs anything. */
const IMAGES = "../../images.ts";

/** Rows that are answered at once, and images that are. */
const MOST_ROWS = 8192;
const MOST_IMAGES = 256;

export interface PredictSamplesOptions
  extends CommonOptions, Pick<TableOptions, "inputs" | "skipBroken"> {
  readonly proba?: boolean;
  readonly keep?: boolean;
  readonly invert?: boolean;
}

/** Rows for the model, some at a time; of images with the file of each. */
interface Part {
  readonly values: Uint8Array | Float32Array;
  readonly files: readonly string[] | null;
}

/**
 * @param data a path
 * @throws {UsageError} if the model takes other rows
 * @throws {WeftError} if they cannot be read
 */
export async function predictSamples(
  data: string,
  model: Model,
  options: PredictSamplesOptions,
): Promise<number> {
  const { proba = false, keep = false, json = false } = options;
  const { task = "classification" } = model;
  if (keep) {
    throw new UsageError(
      `Cannot keep the columns of ${data}: only tables that a model was trained on have some; leave --keep out`,
    );
  }
  if (proba && task === "regression") {
    throw new UsageError(
      "Cannot give probabilities: the model predicts numbers, for its task is regression; leave --proba out",
    );
  }
  const kind = await kindOfData(data);
  const areImages = kind === "folder" || kind === "image";
  const parts = areImages
    ? imageParts(data, model, kind === "image", options)
    : featureParts(await featuresForModel(data, model, options), sizeOf(inputOf(model).shape));
  using backend = await createNamedBackend(options);
  using interrupted = interruption();
  const answers = answerColumns(model, { names: ["target"] }, proba);
  const write = answerWriter(answers, () => areImages ? ["image"] : [], json);
  for await (const { values, files } of parts) {
    interrupted.signal.throwIfAborted();
    const outputs = await outputsOf(model, values, backend);
    if (!write(outputs, files && files.map((file) => [file]))) return 0;
  }
  return 0;
}

function* featureParts(values: Uint8Array | Float32Array, size: number): Generator<Part> {
  for (let at = 0; at < values.length; at += MOST_ROWS * size) {
    yield { values: values.subarray(at, at + MOST_ROWS * size), files: null };
  }
}

async function* imageParts(
  data: string,
  model: Model,
  isOne: boolean,
  { invert = false, skipBroken = false }: PredictSamplesOptions,
): AsyncGenerator<Part> {
  const { height, width, channels } = imageInput(model, `Cannot predict from ${data}`);
  const { decodeImage }: typeof import("../../images.ts") = await import(IMAGES);
  const input = { height, width, invert };
  const remedy = "name a PNG, JPEG or WebP file";
  const files = isOne
    ? [{ path: data, bytes: () => readNamedFile(data, "the image", remedy, MOST_IMAGE_BYTES) }]
    : imageFiles(listImages(data));
  if (files.length === 0) {
    throw new WeftError(`Cannot predict from ${data}: it holds no images; name another folder`);
  }
  const size = height * width * channels;
  const broken: string[] = [];
  for (let first = 0; first < files.length; first += MOST_IMAGES) {
    const own = files.slice(first, first + MOST_IMAGES);
    const values = new Uint8Array(own.length * size);
    const read: string[] = [];
    for (const { path, bytes } of own) {
      try {
        const image = await decodeImage(await bytes(), path, {
          channels,
          background: groundOf(input),
        });
        values.set(fitImageToNetwork(image, input), read.length * size);
        read.push(path);
      } catch (error) {
        if (!(error instanceof WeftError) || !skipBroken) throw error;
        broken.push(error.message);
      }
    }
    if (read.length > 0) yield { values: values.subarray(0, read.length * size), files: read };
  }
  for (const line of broken) printErrorLine(`note: left out: ${printable(line)}`);
}

/** Probabilities (of binary tasks that of yes), or numbers in the target's unit. */
async function outputsOf(
  model: Model,
  values: Uint8Array | Float32Array,
  backend: Awaited<ReturnType<typeof createNamedBackend>>,
): Promise<ArrayLike<number>[]> {
  const { task = "classification" } = model;
  if (task === "regression") {
    const answers = await predict<number | number[] & number>(model, values, { backend });
    return answers.map((answer: number | number[]) => Array.isArray(answer) ? answer : [answer]);
  }
  const rows = await predictProbabilities(model, values, { backend });
  return task === "binary" ? rows.map(([, yes]) => [yes]) : rows;
}

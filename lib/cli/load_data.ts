/** Loads the data set for a command, showing what happens. */
import { host } from "../host/mod.ts";
import {
  loadDataset,
  type LoadedDataset,
  type LoadedTestSet,
  type LoadOptions,
  loadTestFiles,
} from "../../data/load.ts";
import { MissingDataError } from "../../data/search.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { formatText } from "../dataset/samples.ts";
import { WeftError } from "../errors.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import type { Model } from "../model/model.ts";
import { FETCHES_VARIABLE, NEEDS_DATA } from "./first_start.ts";
import { interruption } from "./interruption.ts";
import { printErrorLine } from "./output.ts";
import { cacheFolder, dataFolderOfEnvironment } from "./places.ts";

/** Fashion-MNIST has to be fetched before the command can be given again; who started it does both. */
export class NeedsDataError extends WeftError {
  override name = "NeedsDataError";
  override readonly exitCode = NEEDS_DATA;
}

/**
 * Reads what is on this machine; a command has no leave to fetch anything.
 *
 * @throws {WeftError} where it is not there, or a file is not as it should be
 * @throws {NeedsDataError} where it is not there, and the process that started this one fetches it
 * @throws {InterruptedError} on Ctrl-C
 */
export async function loadData(dataDir: string | undefined): Promise<LoadedDataset> {
  const loaded = await load(loadDataset, dataDir);
  const { train, test } = loaded.dataset;
  notePixels(train, "the training images");
  if (test) notePixels(test, "the test images");
  return loaded;
}

function notePixels({ pixels }: LabeledImages, what: string): void {
  const note = noteOnPixels(pixels, what);
  if (note !== null) printErrorLine(`note: ${note}`);
}

async function load<T extends LoadedDataset | LoadedTestSet>(
  read: (options: LoadOptions) => Promise<T>,
  dataDir: string | undefined,
): Promise<T> {
  using interrupted = interruption();
  const { signal } = interrupted;
  const cacheOnly = willBeFetched();
  let loaded: T;
  try {
    loaded = await read({
      dataDir: dataDir ?? dataFolderOfEnvironment(),
      cacheDir: cacheFolder(),
      cacheOnly,
      signal,
      onNote: (line) => printErrorLine(`note: ${line}`),
    });
  } catch (error) {
    if (cacheOnly && error instanceof MissingDataError) throw new NeedsDataError("");
    throw error;
  }
  signal.throwIfAborted();
  return loaded;
}

function willBeFetched(): boolean {
  const variable = FETCHES_VARIABLE;
  const { state } = host.permissions.querySync({ name: "env", variable });
  return state === "granted" && Boolean(host.env.get(variable));
}

/** The test set that a model is to be used on. */
export interface TestSet {
  /** Of the data set. */
  readonly name: string;
  readonly test: LabeledImages;
}

/**
 * The test set alone: of a folder, its files for training need not be there.
 *
 * @throws {WeftError} as `loadData`, and where there is no test set or its images are not the
 * model's
 */
export async function loadTestSet(dataDir: string | undefined, model: Model): Promise<TestSet> {
  const { test, name, origin } = await load(loadTestFiles, dataDir);
  if (!test) {
    throw new WeftError(
      `Cannot use the data in ${origin}: it has no test set; ` +
        "add t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte",
    );
  }
  if (model.task) {
    throw new WeftError(
      `Cannot use the model on the data in ${origin}: its task is ${model.task}, and images have classes; ` +
        "give the data that it was trained on",
    );
  }
  if (model.input) {
    throw new WeftError(
      `Cannot use the model on the data in ${origin}: it takes ${
        formatText(model.input)
      }, and there are images of ` +
        `${test.height} x ${test.width} pixels; give the data that it was trained on`,
    );
  }
  if (test.height !== model.height || test.width !== model.width) {
    throw new WeftError(
      `Cannot use the model on the data in ${origin}: its images are ` +
        `${test.width} pixels wide and ${test.height} high, but the model takes ${model.width} wide and ${model.height} high; ` +
        "give the data that it was trained on",
    );
  }
  notePixels(test, "the test images");
  return { name, test };
}

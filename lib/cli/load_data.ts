/** Loads the data set for a command, showing what happens. */
import {
  loadDataset,
  type LoadedDataset,
  type LoadedTestSet,
  type LoadOptions,
  loadTestFiles,
} from "../../data/load.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { WeftError } from "../errors.ts";
import { noteOnPixels } from "../image/pixel_range.ts";
import type { Model } from "../model/model.ts";
import { interruption } from "./interruption.ts";
import { downloadLine, printError, StatusLine } from "./output.ts";

/**
 * @throws {WeftError} where no source has it, or a file is not as it should be
 * @throws {InterruptedError} on Ctrl-C, when half-finished downloads have been removed
 */
export async function loadData(dataDir: string | undefined): Promise<LoadedDataset> {
  const loaded = await loadShowing(loadDataset, dataDir);
  const { train, test } = loaded.dataset;
  notePixels(train, "the training images");
  if (test) notePixels(test, "the test images");
  return loaded;
}

function notePixels({ pixels }: LabelledImages, what: string): void {
  const note = noteOnPixels(pixels, what);
  if (note !== null) printError(`note: ${note}`);
}

async function loadShowing<T extends LoadedDataset | LoadedTestSet>(
  load: (options: LoadOptions) => Promise<T>,
  dataDir: string | undefined,
): Promise<T> {
  using status = new StatusLine();
  using interrupted = interruption();
  const loaded = await load({
    dataDir,
    signal: interrupted.signal,
    onNote: (line) => {
      status.clear();
      printError(`note: ${line}`);
    },
    onProgress: (progress) => status.set(downloadLine(progress)),
  });
  interrupted.signal.throwIfAborted();
  return loaded;
}

/** The test set that a model is to be used on. */
export interface TestSet {
  /** Of the data set. */
  readonly name: string;
  readonly test: LabelledImages;
}

/**
 * The test set alone: of a folder, its files for training need not be there.
 *
 * @throws {WeftError} as `loadData`, and where there is no test set or its pictures are not the
 * model's
 */
export async function loadTestSet(dataDir: string | undefined, model: Model): Promise<TestSet> {
  const { test, name, origin } = await loadShowing(loadTestFiles, dataDir);
  if (!test) {
    throw new WeftError(
      `Cannot use the data in ${origin}: it has no test set; ` +
        "add t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte",
    );
  }
  if (test.height !== model.height || test.width !== model.width) {
    throw new WeftError(
      `Cannot use the model on the data in ${origin}: its pictures are ` +
        `${test.width} pixels wide and ${test.height} high, but the model takes ${model.width} wide and ${model.height} high; ` +
        "give the data that it was trained on",
    );
  }
  notePixels(test, "the test images");
  return { name, test };
}

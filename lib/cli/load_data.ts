/** Loads the data set for a command, showing what happens. */
import { loadDataset, type LoadedDataset } from "../../data/load.ts";
import { NowhereFoundError } from "../../data/search.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { WeftError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { interruption } from "./interruption.ts";
import { cacheFolder, dataFolderOfEnvironment } from "./places.ts";
import { downloadLine, printErrorLine, StatusLine } from "./output.ts";

/**
 * @throws {WeftError} where no source has it, or a file is not as it should be
 * @throws {InterruptedError} on Ctrl-C, when half-finished downloads have been removed
 */
export async function loadData(dataDir: string | undefined): Promise<LoadedDataset> {
  using status = new StatusLine();
  using interrupted = interruption();
  const loaded = await loadDataset({
    dataDir: dataDir ?? dataFolderOfEnvironment(),
    cacheDir: cacheFolder(),
    signal: interrupted.signal,
    onNote: (line) => {
      status.clear();
      printErrorLine(`note: ${line}`);
    },
    onProgress: (progress) => status.set(downloadLine(progress)),
  }).catch((error) => {
    throw error instanceof NowhereFoundError ? new WeftError(error.oneLine) : error;
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
 * @throws {WeftError} as `loadData`, and where there is no test set or its pictures are not the
 * model's
 */
export async function loadTestSet(dataDir: string | undefined, model: Model): Promise<TestSet> {
  const { dataset: { test, name }, origin } = await loadData(dataDir);
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
  return { name, test };
}

/** Loads the data set for a command, showing what happens. */
import { loadDataset, type LoadedDataset } from "../../data/load.ts";
import { MissingDataError } from "../../data/search.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { WeftError } from "../errors.ts";
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
  using interrupted = interruption();
  const { signal } = interrupted;
  const cacheOnly = willBeFetched();
  let loaded: LoadedDataset;
  try {
    loaded = await loadDataset({
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
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" && Boolean(Deno.env.get(variable));
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

/** What runs are trained on, however the user gave it: a data set of images here, a table in tables/table_source.ts. */
import type { TrainConfig } from "../config/options.ts";
import type { Dataset, LabeledImages } from "../dataset/dataset.ts";
import { type Fold, stratifiedFolds } from "../dataset/folds.ts";
import type { ConfigValue, FeaturesRecord, RunDataset } from "../run_log/run/records.ts";
import type { RunOptions } from "../train/options.ts";
import { chooseRows } from "../train/rows.ts";
import { loadData } from "./load_data.ts";
import type { CommonOptions } from "./options/common.ts";

/** Options of training that follow from the data. */
export type SourceOptions = Pick<
  RunOptions,
  "train" | "validation" | "split" | "test" | "classNames" | "dataId" | "preprocessing" | "notes"
>;

export interface PreparedRun {
  readonly options: SourceOptions;
  /** What the log says of a row's columns; of images nothing. */
  readonly columns?: FeaturesRecord["columns"];
  /** What to print before training begins, for people. */
  readonly report?: string;
  /** Images to look for mistakes in; null where there are none. */
  readonly testImages: LabeledImages | null;
}

export interface RunSource extends Pick<RunDataset, "name" | "sha256"> {
  /** What the user said of the data, for the log: enough to find it again. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** Images with their class names; null where rows are of another kind. */
  readonly images: Dataset | null;
  /**
   * What a run is trained on.
   *
   * @throws {WeftError} where the rows cannot be split so
   */
  prepare(config: TrainConfig, fold: Fold | null): PreparedRun;
  /** Finds out now what would be found when the first run begins. @throws {UsageError | WeftError} */
  requireParts(config: TrainConfig, folds: number | undefined): void;
}

/** @throws as `loadData` */
export async function openImages({ dataDir }: Pick<CommonOptions, "dataDir">): Promise<RunSource> {
  const { dataset } = await loadData(dataDir);
  const { train, test, classNames, name, sha256 } = dataset;
  return {
    name,
    sha256,
    config: {},
    images: dataset,
    prepare(config, fold) {
      const split = fold ? splitOf(fold, train.labels, config) : undefined;
      const dataId = sha256["train-images-idx3-ubyte"] + sha256["train-labels-idx1-ubyte"];
      return { options: { train, split, test, classNames, dataId }, testImages: test };
    },
    requireParts(config, folds) {
      if (folds !== undefined) stratifiedFolds(train.labels, folds, config.splitSeed);
      else chooseRows({ train }, config);
    },
  };
}

function splitOf({ fold, folds }: Fold, labels: Uint8Array, { splitSeed }: TrainConfig) {
  return stratifiedFolds(labels, folds, splitSeed)[fold - 1];
}

/** What all contenders do alike: one network, its data and its first weights. */
import type { TrainConfig } from "../config/options.ts";
import type { LabelledImages } from "../dataset/dataset.ts";
import { initialParameters } from "../nn/initializers.ts";
import {
  type Architecture,
  countParameters,
  type LayerParameters,
  requireAffordable,
} from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { ComparedNetwork } from "../run_log/compare_schema.ts";
import { chooseRows, type Rows } from "../train/rows.ts";
import { architectureFor, flopsOfStep } from "./training_steps.ts";

export interface ComparedRun {
  readonly images: LabelledImages;
  readonly classNames: readonly string[];
  /** A batch is at most all training rows. */
  readonly config: TrainConfig;
  readonly architecture: Architecture;
  readonly parameters: readonly LayerParameters[];
  readonly split: Rows;
  readonly network: ComparedNetwork;
}

/**
 * @throws {UsageError} where the network is too large
 * @throws {WeftError} where there are too few rows to train and to validate with
 */
export function comparedRun(
  images: LabelledImages,
  classNames: readonly string[],
  config: TrainConfig,
): ComparedRun {
  const architecture = architectureFor(images, config, classNames.length);
  requireAffordable(architecture);
  const split = chooseRows({ train: images }, config);
  const batchSize = Math.min(config.batchSize, split.train.length);
  const { inputs, hidden, outputs, activation } = architecture;
  return {
    images,
    classNames,
    config: { ...config, batchSize },
    architecture,
    parameters: initialParameters(
      architecture,
      config.initializer,
      new NumpyRandomState(config.seed),
    ),
    split,
    network: {
      layers: [inputs, ...hidden, outputs],
      activation,
      parameters: countParameters(architecture),
      batchSize,
      flopsOfStep: flopsOfStep(architecture, batchSize),
    },
  };
}

/** What all contenders do alike: one network, its data and its first weights. */
import type { TrainConfig } from "../config/options.ts";
import type { LabeledImages } from "../dataset/dataset.ts";
import { samplesOf } from "../dataset/samples.ts";
import { initialTensors } from "../nn/initializers.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { ComparedNetwork } from "../run_log/comparison/comparison.ts";
import { chooseRows } from "../train/rows.ts";
import { networkFor } from "../train/run_network.ts";
import type { StepsPlan } from "./run_steps.ts";

export interface ComparedRun extends StepsPlan {
  readonly classNames: readonly string[];
  /** The network, as comparisons are written down. */
  readonly compared: ComparedNetwork;
}

/**
 * @throws {UsageError} where the network is too large
 * @throws {WeftError} where there are too few rows to train and to validate with
 */
export function comparedRun(
  images: LabeledImages,
  classNames: readonly string[],
  config: TrainConfig,
): ComparedRun {
  const { network } = networkFor(samplesOf(images), config, classNames.length);
  const split = chooseRows({ train: images }, config);
  const batchSize = Math.min(config.batchSize, split.train.length);
  return {
    images,
    classNames,
    // A batch is at most all training rows.
    config: { ...config, batchSize },
    network,
    tensors: initialTensors(network, config.initializer, new NumpyRandomState(config.seed)),
    split,
    compared: {
      layers: network.widths,
      activation: config.layers ?? config.activation,
      parameters: network.parameterCount,
      batchSize,
      flopsOfStep: network.flopsOfStep(batchSize),
    },
  };
}

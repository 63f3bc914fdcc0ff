/** What all contenders do alike: one network, its data and its first weights. */
import type { LabelledImages } from "../dataset/dataset.ts";
import { countParameters, requireAffordable } from "../nn/parameters.ts";
import { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { ComparedNetwork } from "../run_log/compare_schema.ts";
import type { TrainConfig } from "../train/config.ts";
import { chooseRows } from "../train/rows.ts";
import { architectureFor, initialTensors } from "../train/run_network.ts";
import { flopsOfStep, type StepsPlan } from "./run_steps.ts";

export interface ComparedRun extends StepsPlan {
  readonly classNames: readonly string[];
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
    // A batch is at most all training rows.
    config: { ...config, batchSize },
    architecture,
    tensors: initialTensors(architecture, config, new NumpyRandomState(config.seed)),
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

/** The tensors that training begins with. */
import type { TrainConfig } from "../config/options.ts";
import { unknownFeatures } from "../dataset/preprocessing/preprocessing.ts";
import { samplesOf } from "../dataset/samples.ts";
import { initialTensors, silence } from "../nn/initializers.ts";
import type { Tensors } from "../nn/tensors.ts";
import type { NumpyRandomState } from "../random/numpy_random_state.ts";
import { inheritedTensors } from "./continue_from.ts";
import type { RunOptions } from "./options.ts";
import { chooseRows } from "./rows.ts";
import type { RunNetwork } from "./run_network.ts";

/** Drawn, or those of the model that training begins with. What no training row can teach a weight of is 0. */
export function firstTensors(
  { network, inheritance, task }: RunNetwork,
  options: RunOptions,
  config: TrainConfig,
  random: NumpyRandomState,
): Tensors {
  const { preprocessing, from, train } = options;
  const drawn = initialTensors(network, config.initializer, random);
  if (preprocessing && !from) silence(drawn, network, unknownFeatures(preprocessing));
  if (!inheritance) return drawn;
  const { targets } = samplesOf(train);
  const map = task.fit(targets, chooseRows(options, config).train);
  return inheritedTensors(inheritance, network, drawn, map);
}

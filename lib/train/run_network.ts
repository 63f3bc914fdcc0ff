/** The network that a run trains: checks that data, class names and configuration go together. */
import { numberedClassNames } from "../dataset/class_names.ts";
import { WeftError } from "../errors.ts";
import { initialParameters } from "../nn/initializers.ts";
import { withNorm } from "../nn/norm_parameters.ts";
import { type Architecture, requireAffordable, type Tensors, tensorsOf } from "../nn/parameters.ts";
import type { NumpyRandomState } from "../random/numpy_random_state.ts";
import { requireWeightOfEach } from "./class_weights.ts";
import type { TrainConfig } from "./config.ts";
import { requireFits, requireWhole } from "./image_checks.ts";
import type { TrainOptions } from "./options.ts";

/** A network without its parameters. */
export interface RunNetwork {
  readonly architecture: Architecture;
  /** One name a class. */
  readonly classNames: readonly string[];
}

/** The network of a configuration, for pictures of that size. */
export function architectureFor(
  { height, width }: { readonly height: number; readonly width: number },
  { hidden, activation }: Pick<TrainConfig, "hidden" | "activation">,
  classes: number,
): Architecture {
  return { inputs: height * width, hidden, outputs: classes, activation };
}

/**
 * Finds out now what would otherwise be found when the training that it would waste is over.
 *
 * @throws {UsageError} where the network is larger than anything that Weft can hold
 * @throws {WeftError} where the data is not whole or does not fit
 */
export function networkFor(
  { train, test, validation, classNames: given }: TrainOptions,
  config: TrainConfig,
): RunNetwork {
  requireWhole(train, "Cannot train on these pictures");
  const classes = train.labels.reduce((a, b) => Math.max(a, b), 0) + 1;
  const classNames = given ?? numberedClassNames(classes);
  if (classNames.length < classes) {
    throw new WeftError(
      `Cannot train with ${classNames.length} class names: a label is ${
        classes - 1
      }, so there are ${classes} classes`,
    );
  }
  const twice = classNames.find((name, i) => classNames.indexOf(name) < i);
  if (twice !== undefined) {
    throw new WeftError(
      `Cannot train with two classes called "${twice}": give each a name of its own`,
    );
  }
  const architecture = architectureFor(train, config, classNames.length);
  requireWeightOfEach(config.classWeights, classNames.length);
  for (const images of [validation, test]) {
    if (images) requireFits({ ...train, architecture }, images);
  }
  requireAffordable(architecture);
  return { architecture, classNames };
}

/** The parameters that training begins with. */
export function initialTensors(
  architecture: Architecture,
  { initializer, batchNorm }: Pick<TrainConfig, "initializer" | "batchNorm">,
  random: NumpyRandomState,
): Tensors {
  const parameters = initialParameters(architecture, initializer, random);
  return tensorsOf(batchNorm ? withNorm(parameters) : parameters);
}

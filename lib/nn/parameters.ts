/**
 * The shape of a network and its parameters as plain data: what initialisers make, back ends compute with, and files
 * hold.
 */
import { UsageError, WeftError } from "../errors.ts";
import type { Activation } from "./activations.ts";
import { normFrom, normTensors } from "./norm_parameters.ts";
import type { LayerParameters, Tensors } from "./tensors.ts";

export type { LayerParameters, Tensors } from "./tensors.ts";

/** A multilayer perceptron: hidden layers with one activation, then a linear layer whose softmax is the output. */
export interface Architecture {
  /** I, pixels of a sample. */
  readonly inputs: number;
  /** Units of each hidden layer, from the input side; may be empty. */
  readonly hidden: readonly number[];
  /** O, classes. */
  readonly outputs: number;
  readonly activation: Activation;
}

/** What a layer's parameters are called; layer 0 is next to the input. */
export const weightName = (layer: number) => `layers.${layer}.weight`;
export const biasName = (layer: number) => `layers.${layer}.bias`;

/** Parameters by name. */
export function tensorsOf(
  parameters: readonly LayerParameters[],
): Map<string, Float32Array<ArrayBuffer>> {
  return new Map(
    parameters.flatMap(({ weights, bias, norm }, l) => [
      [weightName(l), weights],
      [biasName(l), bias],
      ...normTensors(l, norm),
    ]),
  );
}

/**
 * The inverse.
 *
 * @throws {WeftError} where one is missing or of another length
 */
export function parametersFrom(tensors: Tensors, architecture: Architecture): LayerParameters[] {
  const find = (name: string, length: number) => {
    const values = tensors.get(name);
    if (values?.length === length) return values;
    throw new WeftError(
      `Cannot use these parameters: ${name} must have ${length} numbers, and has ${
        values?.length ?? "none"
      }`,
    );
  };
  return layerShapes(architecture).map(([inputs, outputs], l) => ({
    weights: find(weightName(l), inputs * outputs),
    bias: find(biasName(l), outputs),
    ...normFrom(tensors, l, (name) => find(name, outputs)),
  }));
}

/** [inputs, outputs] of every layer, from the input side. */
export function layerShapes(architecture: Architecture): [number, number][] {
  const widths = [architecture.inputs, ...architecture.hidden, architecture.outputs];
  return widths.slice(1).map((outputs, i) => [widths[i], outputs]);
}

/** A gibibyte of float32, four of which (with gradients and two copies) training holds at once. */
const MOST_PARAMETERS = 2 ** 28;

/** @throws {UsageError} where a network is larger than anything that Weft can hold */
export function requireAffordable(architecture: Architecture): void {
  const parameters = countParameters(architecture);
  if (parameters <= MOST_PARAMETERS) return;
  const { inputs, hidden, outputs } = architecture;
  throw new UsageError(
    `Cannot train a network of ${parameters} parameters: at most ${MOST_PARAMETERS} are possible, and its layers are ` +
      `${[inputs, ...hidden, outputs].join("-")}; use smaller layers`,
  );
}

/** Number of weights and biases. */
export function countParameters(architecture: Architecture): number {
  return layerShapes(architecture).reduce((sum, [rows, columns]) => sum + (rows + 1) * columns, 0);
}

/** Initial parameters. Glossary: I inputs and O outputs of a unit's layer. */
import type { NumpyRandomState } from "../random/numpy_random_state.ts";
import type { Network } from "./network.ts";
import type { Values } from "./tensors.ts";

/**
 * How weights are drawn. "normal" is N(0, 1); the others keep the size of what passes through a layer of I inputs and O
 * outputs, by variances of 2 / (I + O) (Glorot and Bengio, 2010: sigmoid, tanh), 2 / I (He et al., 2015: relu) or 1 / I
 * (LeCun et al., 1998), from a normal or from a uniform distribution.
 */
export const INITIALIZERS = [
  "normal",
  "glorot-normal",
  "glorot-uniform",
  "he-normal",
  "he-uniform",
  "lecun-normal",
  "lecun-uniform",
] as const;
export type Initializer = typeof INITIALIZERS[number];

/** A network's tensors in the beginning: weights layer by layer and row by row, each one draw of `random`; biases zero. */
export function initialTensors(
  network: Network,
  initializer: Initializer,
  random: NumpyRandomState,
): Map<string, Values> {
  return network.initial((inputs, outputs) => {
    const deviation = Math.sqrt(variance(initializer, inputs, outputs));
    if (!initializer.endsWith("uniform")) return () => deviation * random.normal();
    // The variance of a uniform distribution over [-limit, limit) is limit^2 / 3.
    const limit = Math.sqrt(3) * deviation;
    return () => limit * (2 * random.randomSample() - 1);
  });
}

/** Of the weights between I inputs and O outputs. */
function variance(initializer: Initializer, inputs: number, outputs: number): number {
  switch (initializer) {
    case "normal":
      return 1;
    case "glorot-normal":
    case "glorot-uniform":
      return 2 / (inputs + outputs);
    case "he-normal":
    case "he-uniform":
      return 2 / inputs;
    case "lecun-normal":
    case "lecun-uniform":
      return 1 / inputs;
  }
}

/** Sets the weights of inputs that are 0 in all rows to train on to 0, in place: they learn nothing. @param silent inputs, by number */
export function silence(
  tensors: ReadonlyMap<string, Values>,
  network: Network,
  silent: readonly number[],
): void {
  const { inputTensor, inputs } = network;
  if (inputTensor === null) return;
  const weights = tensors.get(inputTensor)!;
  const units = weights.length / inputs;
  for (const input of silent) weights.fill(0, input * units, (input + 1) * units);
}

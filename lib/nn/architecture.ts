/** The shape of a model as plain data: which layers it has, without their parameters. */
import type { Activation } from "./activations.ts";
import type { Shape } from "./layer.ts";
import { readLayers } from "./layers/mod.ts";

/** A multilayer perceptron: hidden layers with one activation, then a linear layer whose softmax is the output. */
export interface Perceptron {
  /** I, pixels of a sample. */
  readonly inputs: number;
  /** Units of each hidden layer, from the input side; may be empty. */
  readonly hidden: readonly number[];
  /** O, classes. */
  readonly outputs: number;
  /** Of every hidden layer. */
  readonly activation: Activation;
}

/** Any sequence of layers, then a linear layer whose softmax is the output. */
export interface LayerSequence {
  /** I, pixels of a sample: what `shape` multiplies to. */
  readonly inputs: number;
  /** [height, width, channels]. */
  readonly shape: Shape;
  /** From the input side, as layers/mod.ts writes them; without the output's. */
  readonly layers: readonly string[];
  /** O, classes. */
  readonly outputs: number;
}

/** What a network consists of. */
export type Architecture = Perceptron | LayerSequence;

/** What of a configuration says which layers there are. */
export interface LayerChoice extends Pick<Perceptron, "hidden" | "activation"> {
  /** Whether hidden layers are normalized by the batch before their activation. */
  readonly batchNorm?: boolean;
  /** Probability with which a hidden layer's output is dropped in training. */
  readonly dropout?: number;
  /** In place of all that: "dense 64, relu, dropout 0.2". */
  readonly layers?: string | null;
}

/**
 * The layers that are trained, without the output's.
 *
 * @throws {UsageError} where one is not known
 */
export function layersOf(
  { layers = null, hidden, activation, batchNorm, dropout = 0 }: LayerChoice,
): readonly string[] {
  if (layers !== null) return readLayers(layers);
  return hidden.flatMap((units) => [
    `dense ${units}`,
    ...batchNorm ? ["batch-norm"] : [],
    activation,
    ...dropout > 0 ? [`dropout ${dropout}`] : [],
  ]);
}

/** The layers of either, and the shape of their input. */
export function sequenceOf(architecture: Architecture): Omit<LayerSequence, "inputs"> {
  if ("layers" in architecture) return architecture;
  const { inputs, outputs } = architecture;
  return { shape: [inputs], layers: layersOf(architecture), outputs };
}

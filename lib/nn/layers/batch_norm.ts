/**
 * Batch normalization (S. Ioffe and C. Szegedy, 2015) of what a layer with weights gives: of each unit over the batch, of each
 * channel of images over the batch and all positions. It is for training: a network that is used has it folded into that
 * layer, by the running statistics.
 *
 * Glossary: O columns, or channels.
 */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import {
  type Layer,
  type LayerKind,
  type LayerMatrices,
  type Shape,
  sizeOf,
  type WeightAndBias,
} from "../layer.ts";
import type { Values } from "../tensors.ts";

/** Added to a variance before its root is taken; PyTorch's. */
export const NORM_EPSILON = 1e-5;
/** What the newest batch counts in the running statistics; PyTorch's. */
export const NORM_MOMENTUM = 0.1;

/** Parts of a batch of images whose sums are taken by themselves: they are shared out, and so must not depend on threads. */
const PARTS = 32;

class BatchNorm implements Layer {
  readonly matrices;
  readonly scratch: Record<string, readonly [number, number]>;
  readonly saves = "input";
  readonly inPlace = false;
  readonly gradientInPlace = true;
  readonly mixesRows = true;

  constructor(readonly output: Shape) {
    const columns = output[output.length - 1];
    const tensor = (name: string, initial: number) => ({ name, rows: 1, initial });
    const trained = (name: string, initial: number) => ({
      columns,
      tensors: [tensor(name, initial)],
      trained: true,
      penalized: false,
    });
    this.matrices = {
      weight: trained("weight", 1),
      bias: trained("bias", 0),
      running: {
        columns,
        tensors: [tensor("running_mean", 0), tensor("running_var", 1)],
        trained: false,
        penalized: false,
        averaged: true,
      },
    };
    // Means and variances of the last batch.
    this.scratch = { statistics: [2, columns] as const };
  }

  forward({ backend, values, scratch }: LayerMatrices, y: Matrix, x: Matrix | ByteMatrix): void {
    const { weight, bias, running } = values;
    const { statistics } = scratch;
    const [momentum, epsilon] = [NORM_MOMENTUM, NORM_EPSILON];
    backend.batchNormForward(y, statistics, running, x as Matrix, weight, bias, momentum, epsilon);
  }

  backward(
    { backend, values, gradients, scratch }: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    x: Matrix | ByteMatrix,
  ): void {
    const { weight, bias } = gradients;
    const { statistics } = scratch;
    backend.batchNormBackward(dx ?? dy, weight, bias, dy, x as Matrix, statistics, values.weight);
  }

  /** In float64, rounded once. */
  fold({ weight, bias }: WeightAndBias, own: Readonly<Record<string, Values>>): WeightAndBias {
    const outputs = bias.length;
    const factors = Array.from(
      own.weight,
      (gamma, j) => gamma / Math.sqrt(own.running_var[j] + NORM_EPSILON),
    );
    return {
      weight: weight.map((w, i) => w * factors[i % outputs]),
      bias: bias.map((b, j) => (b - own.running_mean[j]) * factors[j] + own.bias[j]),
    };
  }
}

/** Of images: a column of the batch is a channel at one position. */
export class ChannelNorm extends BatchNorm {
  readonly #positions: number;
  readonly #channels: number;

  constructor(output: Shape) {
    super(output);
    this.#channels = output[output.length - 1];
    this.#positions = sizeOf(output) / this.#channels;
    this.scratch.parts = [PARTS, 2 * this.#channels];
  }

  /** Fills the scratch matrix `statistics` with those of a batch, and moves the running ones. */
  takeStatistics({ backend, values, scratch }: LayerMatrices, x: Matrix): void {
    const { parts, statistics } = scratch;
    const positions = this.#positions;
    const numbers = [x.rows, positions, NORM_MOMENTUM, NORM_EPSILON] as const;
    backend.channelMoments(parts, x, positions, this.#channels);
    backend.channelStatistics(statistics, values.running, parts, ...numbers);
  }

  override forward(on: LayerMatrices, y: Matrix, given: Matrix | ByteMatrix): void {
    const x = given as Matrix;
    const { backend, values: { weight, bias }, scratch: { statistics } } = on;
    this.takeStatistics(on, x);
    backend.channelNormForward(y, x, statistics, weight, bias, this.#positions);
  }

  override backward(
    { backend, values, gradients, scratch }: LayerMatrices,
    dx: Matrix | null,
    dy: Matrix,
    given: Matrix | ByteMatrix,
  ): void {
    const x = given as Matrix;
    const { weight, bias } = gradients;
    const { parts, statistics } = scratch;
    const positions = this.#positions;
    backend.channelGradientSums(parts, dy, x, statistics, positions);
    backend.channelNormGradients(weight, bias, parts);
    const by = [statistics, values.weight, weight, bias, positions] as const;
    backend.channelNormBackward(dx ?? dy, dy, x, ...by);
  }
}

export const batchNorm: LayerKind<Record<never, never>> = {
  words: ["batch-norm"],
  usage: "batch-norm",
  folds: true,
  parse: (_, rest) => rest === "" ? {} : null,
  format: () => "batch-norm",
  layer: (_, { input }) => input.length > 1 ? new ChannelNorm(input) : new BatchNorm(input),
};

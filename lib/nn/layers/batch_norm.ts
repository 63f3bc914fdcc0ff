/**
 * Batch normalization (S. Ioffe and C. Szegedy, 2015) of what a layer with weights gives. It is for training: a network that
 * is used has it folded into that layer, by the running statistics.
 *
 * Glossary: O columns.
 */
import type { ByteMatrix, Matrix } from "../../backend/mod.ts";
import type { Layer, LayerKind, LayerMatrices, Shape, WeightAndBias } from "../layer.ts";
import type { Values } from "../tensors.ts";

/** Added to a variance before its root is taken; PyTorch's. */
export const NORM_EPSILON = 1e-5;
/** What the newest batch counts in the running statistics; PyTorch's. */
export const NORM_MOMENTUM = 0.1;

class BatchNorm implements Layer {
  readonly matrices;
  readonly scratch;
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

export const batchNorm: LayerKind<Record<never, never>> = {
  words: ["batch-norm"],
  usage: "batch-norm",
  folds: true,
  parse: (_, rest) => rest === "" ? {} : null,
  format: () => "batch-norm",
  layer: (_, { input }) => new BatchNorm(input),
};

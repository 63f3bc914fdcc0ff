/**
 * A multilayer perceptron on a back end: its parameters, and the forward and backward pass over one batch.
 *
 * Glossary: B rows of the batch, I inputs of a layer, O outputs of a layer; z = x W + b, y = activation(z).
 */
import type { Backend, ByteMatrix, GemmOptions, Matrix } from "../backend.ts";
import { activationBackward, activationForward } from "./activations.ts";
import { InputOffset } from "./input_offset.ts";
import type { Parameter } from "./optimizers.ts";
import { ownerOf } from "./owned_buffers.ts";
import {
  type Architecture,
  biasName,
  type LayerParameters,
  layerShapes,
  weightName,
} from "./parameters.ts";

const TRANSPOSE_A = { transposeA: true };
const TRANSPOSE_B = { transposeB: true };

interface Layer {
  /** I x O. */
  readonly weights: Matrix;
  /** 1 x O. */
  readonly bias: Matrix;
}

/** What one batch needs: its input and every layer's output, and for training the gradients of those. */
export interface BatchBuffers {
  /** B x inputs, filled by the caller. */
  readonly x: ByteMatrix;
  /** B x O a layer: activations of the hidden layers, logits of the last. */
  readonly outputs: readonly Matrix[];
  /** Gradients of `outputs` and, in the same place, of z. */
  readonly gradients: readonly Matrix[];
}

export class Mlp implements Disposable {
  readonly #layers: Layer[];
  /** How the products with the input are taken: scaled, in the forward and the backward pass. */
  readonly #inputForward: GemmOptions;
  readonly #inputBackward: GemmOptions;
  /** Null where inputs are bytes that are scaled and nothing else. */
  readonly #inputOffset: InputOffset | null;
  #owned = new DisposableStack();

  /**
   * @param parameters as many layers, of such shapes, as `architecture` says
   * @param inputScale what the input's bytes are multiplied by
   * @param inputOffset what is then added to them
   */
  constructor(
    readonly backend: Backend,
    readonly architecture: Architecture,
    parameters: readonly LayerParameters[],
    inputScale: number,
    inputOffset = 0,
  ) {
    this.#inputForward = { alpha: inputScale };
    this.#inputBackward = { transposeA: true, alpha: inputScale };
    // Frees what there is where memory ends half-way.
    using owned = this.#owned;
    this.#layers = layerShapes(architecture).map(([inputs, outputs], l) => {
      const weights = this.#allocate(inputs, outputs);
      const bias = this.#allocate(1, outputs);
      backend.write(weights, parameters[l].weights);
      backend.write(bias, parameters[l].bias);
      return { weights, bias };
    });
    const [[inputs, outputs]] = layerShapes(architecture);
    const allocate = (rows: number, columns: number) => this.#allocate(rows, columns);
    this.#inputOffset = inputOffset === 0
      ? null
      : new InputOffset(backend, allocate, inputs, outputs, inputOffset);
    this.#owned = owned.move();
  }

  /** The present parameters. */
  async read(): Promise<LayerParameters[]> {
    const read = [];
    for (const { weights, bias } of this.#layers) {
      read.push({
        weights: await this.backend.read(weights),
        bias: await this.backend.read(bias),
      });
    }
    return read;
  }

  /** Buffers for batches of up to `rows` samples; with gradients where they are for training. */
  batchBuffers(rows: number, training: boolean): BatchBuffers {
    const { architecture: { inputs } } = this;
    const widths = layerShapes(this.architecture).map(([, outputs]) => outputs);
    return {
      x: ownerOf(this.#owned, this.backend)(this.backend.allocateBytes(rows, inputs)),
      outputs: widths.map((width) => this.#allocate(rows, width)),
      gradients: training ? widths.map((width) => this.#allocate(rows, width)) : [],
    };
  }

  /** The first `rows` rows of `buffers`, for a batch that is smaller than the others. */
  firstRows(buffers: BatchBuffers, rows: number): BatchBuffers {
    const view = (matrix: Matrix) => this.backend.view(matrix, 0, rows);
    return {
      x: this.backend.view(buffers.x, 0, rows),
      outputs: buffers.outputs.map(view),
      gradients: buffers.gradients.map(view),
    };
  }

  /**
   * What training keeps for every parameter that it changes: all but the output's bias if that is frozen.
   *
   * @param slots the optimizer's
   */
  gradients(freezeOutputBias: boolean, slots: readonly string[]): Gradients {
    const last = this.#layers.length - 1;
    const trained = (name: string, value: Matrix, penalised: boolean): Parameter => {
      const like = () => this.#allocate(value.rows, value.columns);
      return { name, value, gradient: like(), slots: slots.map(like), penalised };
    };
    const layers = this.#layers.map(({ weights, bias }, l) => ({
      weights: trained(weightName(l), weights, true),
      bias: l === last && freezeOutputBias ? null : trained(biasName(l), bias, false),
    }));
    const parameters = layers.flatMap(({ weights, bias }) => bias ? [weights, bias] : [weights]);
    return { layers, parameters };
  }

  /** Fills `buffers.outputs` from `buffers.x` and returns the last of them, the logits. */
  forward({ x, outputs }: BatchBuffers): Matrix {
    const { backend, architecture: { activation } } = this;
    const last = outputs.length - 1;
    this.#layers.forEach(({ weights, bias }, l) => {
      const z = outputs[l];
      // Before the product, which a GPU does together with what comes next.
      const row = l === 0 ? this.#inputOffset?.biasWith(weights, bias) ?? bias : bias;
      if (l === 0) backend.gemm(z, x, weights, this.#inputForward);
      else backend.gemm(z, outputs[l - 1], weights);
      backend.addBias(z, z, row);
      if (l < last) activationForward(backend, activation, z, z);
    });
    return outputs[last];
  }

  /** Fills `gradients` from the gradient of the logits, which is the last of `buffers.gradients`. */
  backward({ x, outputs, gradients: dOutputs }: BatchBuffers, gradients: Gradients): void {
    const { backend, architecture: { activation } } = this;
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const dz = dOutputs[l];
      const { weights, bias } = gradients.layers[l];
      if (l === 0) backend.gemm(weights.gradient, x, dz, this.#inputBackward);
      else backend.gemm(weights.gradient, outputs[l - 1], dz, TRANSPOSE_A);
      if (bias) backend.columnSums(bias.gradient, dz);
      if (l === 0) {
        this.#inputOffset?.addGradient(weights.gradient, dz, bias?.gradient ?? null);
        break;
      }
      const dy = dOutputs[l - 1];
      backend.gemm(dy, dz, this.#layers[l].weights, TRANSPOSE_B);
      activationBackward(backend, activation, dy, dy, outputs[l - 1]);
    }
  }

  /** Releases the parameters and every buffer that was made here. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  #allocate(rows: number, columns: number): Matrix {
    return ownerOf(this.#owned, this.backend)(this.backend.allocate(rows, columns));
  }
}

/** Gradients of a network's parameters, by layer and as a list for the optimizer. */
export interface Gradients {
  readonly layers: readonly { readonly weights: Parameter; readonly bias: Parameter | null }[];
  readonly parameters: readonly Parameter[];
}

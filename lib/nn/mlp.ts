/**
 * A multilayer perceptron on a back end: its parameters, and the forward and backward pass over one batch.
 *
 * Glossary: B rows of the batch, I inputs of a layer, O outputs of a layer; z = x W + b, y = activation(z). In training z may
 * be normalised before its activation, and some of y be dropped after it:
 *
 *     x -> gemm, addBias -> linear -> batch norm -> preactivation -> activation -> activated -> dropout -> output
 */
import type { Backend, ByteMatrix, GemmOptions, Matrix } from "../backend.ts";
import { activationBackward, activationForward, takesGradientOfInput } from "./activations.ts";
import { BatchNorm, type NormGradients } from "./batch_norm.ts";
import type { Dropout } from "./dropout.ts";
import { InputOffset } from "./input_offset.ts";
import { normBiasName, normWeightName } from "./norm_parameters.ts";
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
  readonly norm: BatchNorm | null;
}

/** What one batch needs: its input and every layer's output, and for training the gradients of those. */
export interface BatchBuffers {
  /** B x inputs, filled by the caller. */
  readonly x: ByteMatrix;
  /** What is kept on the way to each hidden layer's output; may be its output itself. */
  readonly hidden: readonly HiddenBuffers[];
  /** B x O a layer: activations of the hidden layers, logits of the last. */
  readonly outputs: readonly Matrix[];
  /** Gradients of `outputs` and, in the same place, of z. */
  readonly gradients: readonly Matrix[];
}

/** B x O each. A step that can work in place has its input and its result in one matrix. */
interface HiddenBuffers {
  readonly linear: Matrix;
  readonly preactivation: Matrix;
  readonly activated: Matrix;
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
   * @param dropout    of every hidden layer's outputs, in training
   * @param inputOffset what is then added to them
   */
  constructor(
    readonly backend: Backend,
    readonly architecture: Architecture,
    parameters: readonly LayerParameters[],
    inputScale: number,
    readonly dropout: Dropout | null = null,
    inputOffset = 0,
  ) {
    this.#inputForward = { alpha: inputScale };
    this.#inputBackward = { transposeA: true, alpha: inputScale };
    // Frees what there is where memory ends half-way.
    using owned = this.#owned;
    const allocate = (rows: number, columns: number) => this.#allocate(rows, columns);
    this.#layers = layerShapes(architecture).map(([inputs, outputs], l) => {
      const weights = this.#allocate(inputs, outputs);
      const bias = this.#allocate(1, outputs);
      const { norm } = parameters[l];
      return { weights, bias, norm: norm ? new BatchNorm(backend, norm, allocate) : null };
    });
    this.write(parameters);
    const [[inputs, outputs]] = layerShapes(architecture);
    this.#inputOffset = inputOffset === 0
      ? null
      : new InputOffset(backend, allocate, inputs, outputs, inputOffset);
    this.#owned = owned.move();
  }

  /** Takes other weights and biases; a normalisation stays as it is. */
  write(parameters: readonly LayerParameters[]): void {
    this.#layers.forEach(({ weights, bias }, l) => {
      this.backend.write(weights, parameters[l].weights);
      this.backend.write(bias, parameters[l].bias);
    });
  }

  /** The present parameters. */
  async read(): Promise<LayerParameters[]> {
    const read = [];
    for (const { weights, bias, norm } of this.#layers) {
      read.push({
        weights: await this.backend.read(weights),
        bias: await this.backend.read(bias),
        ...norm ? { norm: await norm.read() } : {},
      });
    }
    return read;
  }

  /** Buffers for batches of up to `rows` samples; with gradients where they are for training. */
  batchBuffers(rows: number, training: boolean): BatchBuffers {
    const { architecture: { inputs } } = this;
    const widths = layerShapes(this.architecture).map(([, outputs]) => outputs);
    const outputs = widths.map((width) => this.#allocate(rows, width));
    const isOfInput = takesGradientOfInput(this.architecture.activation);
    if (!training && this.#layers.some(({ norm }) => norm)) {
      throw new Error("Batch normalisation is for training: use the network with it folded in");
    }
    return {
      x: ownerOf(this.#owned, this.backend)(this.backend.allocateBytes(rows, inputs)),
      hidden: widths.slice(0, -1).map((width, l) => {
        const another = () => this.#allocate(rows, width);
        const activated = training && this.dropout ? another() : outputs[l];
        const preactivation = training && isOfInput ? another() : activated;
        const linear = this.#layers[l].norm ? another() : preactivation;
        return { linear, preactivation, activated };
      }),
      outputs,
      gradients: training ? widths.map((width) => this.#allocate(rows, width)) : [],
    };
  }

  /** The first `rows` rows of `buffers`, for a batch that is smaller than the others. */
  firstRows(buffers: BatchBuffers, rows: number): BatchBuffers {
    const view = (matrix: Matrix) => this.backend.view(matrix, 0, rows);
    return {
      x: this.backend.view(buffers.x, 0, rows),
      hidden: buffers.hidden.map(({ linear, preactivation, activated }) => ({
        linear: view(linear),
        preactivation: view(preactivation),
        activated: view(activated),
      })),
      outputs: buffers.outputs.map(view),
      gradients: buffers.gradients.map(view),
    };
  }

  /**
   * What training keeps for every parameter that it changes: all but the output's bias if that is frozen,
   * and biases that a normalisation takes away again.
   *
   * @param slots the optimizer's
   */
  gradients(freezeOutputBias: boolean, slots: readonly string[]): Gradients {
    const last = this.#layers.length - 1;
    const trained = (name: string, value: Matrix, penalised: boolean): Parameter => {
      const like = () => this.#allocate(value.rows, value.columns);
      return { name, value, gradient: like(), slots: slots.map(like), penalised };
    };
    const layers = this.#layers.map(({ weights, bias, norm }, l) => ({
      weights: trained(weightName(l), weights, true),
      bias: norm || l === last && freezeOutputBias ? null : trained(biasName(l), bias, false),
      norm: norm && {
        weight: trained(normWeightName(l), norm.weight, false),
        bias: trained(normBiasName(l), norm.bias, false),
      },
    }));
    const parameters = layers.flatMap(({ weights, bias, norm }) => [
      weights,
      ...bias ? [bias] : [],
      ...norm ? [norm.weight, norm.bias] : [],
    ]);
    return { layers, parameters };
  }

  /**
   * Fills `buffers.outputs` from `buffers.x` and returns the last of them, the logits.
   *
   * @param step batches since training began, where `buffers` are for training: decides what is dropped
   */
  forward({ x, hidden, outputs, gradients }: BatchBuffers, step = 0): Matrix {
    const { backend, architecture: { activation } } = this;
    const last = outputs.length - 1;
    const dropout = gradients.length > 0 ? this.dropout : null;
    this.#layers.forEach(({ weights, bias, norm }, l) => {
      const z = l < last ? hidden[l].linear : outputs[l];
      // Before the product, which a GPU does together with what comes next.
      const row = l === 0 ? this.#inputOffset?.biasWith(weights, bias) ?? bias : bias;
      if (l === 0) backend.gemm(z, x, weights, this.#inputForward);
      else backend.gemm(z, outputs[l - 1], weights);
      backend.addBias(z, z, row);
      if (l === last) return;
      const { preactivation, activated } = hidden[l];
      norm?.forward(preactivation, z);
      activationForward(backend, activation, activated, preactivation);
      dropout?.apply(backend, outputs[l], activated, l, step);
    });
    return outputs[last];
  }

  /**
   * Fills `gradients` from the gradient of the logits, which is the last of `buffers.gradients`.
   *
   * @param step as for `forward`
   */
  backward(
    { x, hidden, outputs, gradients: dOutputs }: BatchBuffers,
    gradients: Gradients,
    step = 0,
  ): void {
    const { backend, architecture: { activation } } = this;
    const isOfInput = takesGradientOfInput(activation);
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
      const { linear, preactivation, activated } = hidden[l - 1];
      this.dropout?.apply(backend, dy, dy, l - 1, step);
      activationBackward(backend, activation, dy, dy, isOfInput ? preactivation : activated);
      const { norm } = gradients.layers[l - 1];
      if (norm) this.#layers[l - 1].norm!.backward(dy, norm, dy, linear);
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
  readonly layers: readonly {
    readonly weights: Parameter;
    readonly bias: Parameter | null;
    readonly norm: NormGradients | null;
  }[];
  readonly parameters: readonly Parameter[];
}

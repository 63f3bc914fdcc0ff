/**
 * The forward pass of one network, where memory is small and requests come one by one: every buffer is placed once, the
 * weights are packed once for the product, and a prediction allocates nothing but its answer.
 *
 * The same kernels as in training do the same steps in the same order, so the probabilities have the bits of
 * `predictProbabilities` with the relaxed build.
 *
 * Glossary: I inputs and O outputs of a layer; z = x W + b, in place of which its activation comes. Addresses and sizes
 * are in bytes of the WebAssembly memory.
 */

import { blockDepth } from "../backends/wasm/block_depth.ts";
import { forwardKernelOf } from "../nn/activations.ts";
import {
  copyWeights,
  decodePackedModel,
  MODEL_SECTION,
  type PackedHeader,
  type PackedLayer,
  type PackedModel,
} from "./packed_model.ts";
import { kernelsOf, type PredictorKernels } from "./predictor_kernels.ts";

/** What a row must be: an image of bytes, or float32 features. */
export interface PredictorInput {
  /** Pixels. */
  readonly height: number;
  /** Pixels of a row. */
  readonly width: number;
  /** Their product. */
  readonly inputs: number;
  /** What a row consists of, where that is not bytes. */
  readonly element?: "float32";
}

/** A block of a layer's weights, packed: `width` columns from `column`, `steps` rows from `step`. */
interface Block {
  readonly at: number;
  readonly column: number;
  /** Pixels of a row. */
  readonly width: number;
  readonly step: number;
  readonly steps: number;
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly blocks: readonly Block[];
  readonly bias: number;
  /** What follows, in place. */
  readonly activate: readonly PredictorKernels["reluForward"][];
  /** Its outputs, ROWS x O. */
  readonly z: number;
}

/** Images that are computed at once: as many as the product packs at once (MC of assembly/gemm/blocking.ts). */
const ROWS = 72;

const PAGE = 65536;
/** What lies below belongs to the module: its constants. */
const RESERVED = 2 * PAGE;
const LINE = 64;
const FLOAT = 4;

export class Predictor {
  readonly input: PredictorInput;
  readonly classNames: readonly string[];
  /** What the answers are. */
  readonly answers:
    & Pick<PackedHeader, "targets">
    & Required<Pick<PackedHeader, "task" | "threshold">>;
  readonly #kernels: PredictorKernels;
  readonly #memory: WebAssembly.Memory;
  readonly #layers: readonly Layer[];
  /** The rows, ROWS x I bytes or float32. */
  readonly #x: number;
  readonly #scratch: number;

  /**
   * @param kernels the build `predictor` of assembly/build_kernels.ts
   * @param model a packed model, or a module with one for a section
   */
  constructor(kernels: WebAssembly.Module, model: WebAssembly.Module | PackedModel) {
    const { header, layers } = model instanceof WebAssembly.Module
      ? decodePackedModel(WebAssembly.Module.customSections(model, MODEL_SECTION)[0])
      : model;
    const { shapes, shapes: [{ inputs }], height, width, classNames } = header;
    const isFloat = header.element === "float32";
    this.input = { height, width, inputs, ...isFloat ? { element: "float32" } : {} };
    this.classNames = classNames;
    const { task = "classification", targets, threshold = 0.5 } = header;
    this.answers = { task, targets, threshold };
    this.#memory = new WebAssembly.Memory({ initial: RESERVED / PAGE, maximum: PAGE });
    this.#kernels = kernelsOf(kernels, this.#memory);
    const place = placer();
    this.#x = place(ROWS * inputs * (isFloat ? FLOAT : 1));
    this.#scratch = place(this.#kernels.GEMM_SCRATCH);
    this.#layers = shapes.map(({ inputs, outputs, activations }) => ({
      inputs,
      outputs,
      blocks: this.#placeBlocks(place, inputs, outputs),
      bias: place(outputs * FLOAT),
      activate: activations.map((it) => this.#kernels[forwardKernelOf(it)]),
      z: place(ROWS * outputs * FLOAT),
    }));
    // Weights are unpacked a block of rows at a time, above everything that stays.
    const staged = layers.map(({ weights, bias: { length: outputs } }) =>
      Math.min(weights.length, this.#kernels.KC * outputs) * FLOAT
    );
    const staging = place(Math.max(...staged));
    const end = place(0);
    this.#memory.grow(Math.max(0, Math.ceil(end / PAGE) - RESERVED / PAGE));
    layers.forEach((layer, l) => this.#load(l, layer, header, staging));
  }

  /**
   * What the network gives for each row: of classification the probability of every class, of binary and multi-label tasks
   * those of yes, of regression standardized targets.
   *
   * @param values N x I bytes or float32, as `input` says, row-major; I is `input.inputs`
   * @returns N x O, row-major
   */
  predict(values: Uint8Array | Float32Array): Float32Array {
    const { inputs } = this.input;
    const Values = this.input.element ? Float32Array : Uint8Array;
    const { buffer } = this.#memory;
    const { outputs, z } = this.#layers.at(-1)!;
    const count = values.length / inputs;
    const probabilities = new Float32Array(count * outputs);
    for (let start = 0; start < count; start += ROWS) {
      const rows = Math.min(ROWS, count - start);
      new Values(buffer, this.#x, rows * inputs)
        .set(values.subarray(start * inputs, (start + rows) * inputs));
      this.#forward(rows);
      probabilities.set(new Float32Array(buffer, z, rows * outputs), start * outputs);
    }
    return probabilities;
  }

  #forward(rows: number): void {
    const kernels = this.#kernels;
    const last = this.#layers.length - 1;
    let from = this.#x;
    this.#layers.forEach(({ inputs, outputs, blocks, bias, activate, z }, l) => {
      const isBytes = +(l === 0 && !this.input.element);
      for (const { at, column, width, step, steps } of blocks) {
        kernels.gemmBlock(
          z + column * FLOAT,
          outputs,
          width,
          from,
          inputs,
          isBytes,
          0,
          at,
          this.#scratch,
          step,
          steps,
          +(step > 0),
          0,
          rows,
        );
      }
      kernels.addBias(z, z, bias, outputs, 0, rows);
      for (const kernel of activate) kernel(z, z, 0, rows * outputs);
      if (l === last) this.#head(z, outputs, rows);
      from = z;
    });
  }

  /** Turns the last layer's outputs into what the task gives, in place. */
  #head(z: number, outputs: number, rows: number): void {
    const { task } = this.answers;
    if (task === "classification") this.#kernels.softmax(z, z, outputs, 0, rows);
    else if (task !== "regression") this.#kernels.sigmoidForward(z, z, 0, rows * outputs);
  }

  /** Places a layer's blocks: columns in blocks of NC, and of each the steps in blocks of about KC, as in training. */
  #placeBlocks(place: (bytes: number) => number, inputs: number, outputs: number): Block[] {
    const { KC, NC, gemmPackedBytes } = this.#kernels;
    const depth = blockDepth(inputs, KC);
    const blocks: Block[] = [];
    for (let column = 0; column < outputs; column += NC) {
      const width = Math.min(NC, outputs - column);
      for (let step = 0; step < inputs; step += depth) {
        const steps = Math.min(depth, inputs - step);
        blocks.push({ at: place(gemmPackedBytes(width, steps)), column, width, step, steps });
      }
    }
    return blocks;
  }

  /** Packs a layer's weights, the first one's scaled so that its inputs can stay bytes; and copies its bias. */
  #load(l: number, layer: PackedLayer, { inputScale }: PackedHeader, staging: number): void {
    const { buffer } = this.#memory;
    const { outputs, blocks, bias } = this.#layers[l];
    const scale = l === 0 ? inputScale : 1;
    for (const { at, column, width, step, steps } of blocks) {
      copyWeights(new Float32Array(buffer, staging, steps * outputs), layer, step, steps);
      this.#kernels.gemmPackB(at, staging, outputs, 0, scale, column, 0, steps, 0, width);
    }
    new Float32Array(buffer, bias, outputs).set(layer.bias);
  }
}

/** Places one buffer after the other, at cache lines. */
function placer(): (bytes: number) => number {
  let top = RESERVED;
  return (bytes) => {
    const at = top;
    top += Math.ceil(bytes / LINE) * LINE;
    return at;
  };
}

/**
 * The forward pass of one network, where memory is small and requests come one by one: every buffer is placed once, the
 * weights are packed once for the product, and a prediction allocates nothing but its answer.
 *
 * The same kernels as in training do the same steps in the same order, so the probabilities have the bits of
 * `predictProbabilities` with the relaxed build.
 *
 * Glossary: I inputs and O outputs of the network. Addresses and sizes are in bytes of the WebAssembly memory.
 */

import { forwardKernelOf } from "../nn/activations.ts";
import {
  decodePackedModel,
  MODEL_SECTION,
  type PackedHeader,
  type PackedModel,
  type PackedStep,
  pooled,
} from "./packed_model.ts";
import { placeConvolution, placeDense, type PlacedLayer, scratchBytes } from "./placed_layers.ts";
import { kernelsOf, type PredictorKernels } from "./predictor_kernels.ts";
import { longestRow, rowsAtOnce } from "./row_buffers.ts";

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
  /** Of color images, whose width is then three times that of the image. */
  readonly channels?: 3;
}

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
  /** Of a model that takes rows of a table. */
  readonly preprocessing: PackedHeader["preprocessing"];
  readonly #kernels: PredictorKernels;
  readonly #memory: WebAssembly.Memory;
  readonly #layers: readonly PlacedLayer[];
  /** Rows that are computed at once. */
  readonly #rows: number;
  /** The rows, bytes or float32. */
  readonly #x: number;
  /** What layers give, in turns. */
  readonly #buffers: readonly [number, number];

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
    const { channels } = header;
    this.input = {
      height,
      width,
      inputs,
      ...isFloat ? { element: "float32" } : {},
      ...channels ? { channels } : {},
    };
    this.classNames = classNames;
    const { task = "classification", targets, threshold = 0.5 } = header;
    this.answers = { task, targets, threshold };
    this.preprocessing = header.preprocessing;
    this.#memory = new WebAssembly.Memory({ initial: RESERVED / PAGE, maximum: PAGE });
    this.#kernels = kernelsOf(kernels, this.#memory);
    const rows = this.#rows = rowsAtOnce(shapes);
    const place = placer();
    this.#x = place(rows * inputs * (isFloat ? FLOAT : 1));
    const longest = rows * longestRow(shapes) * FLOAT;
    this.#buffers = [place(longest), place(longest)];
    const room = { place, kernels: this.#kernels, memory: this.#memory };
    const scratch = place(scratchBytes(shapes, this.#kernels));
    this.#layers = shapes.map((shape) =>
      shape.convolution
        ? placeConvolution(room, shape.convolution, shape, scratch)
        : placeDense(room, shape, scratch)
    );
    // Weights are unpacked a block of rows at a time, above everything that stays.
    const staging = place(Math.max(...this.#layers.map(({ staged }) => staged)));
    const end = place(0);
    this.#memory.grow(Math.max(0, Math.ceil(end / PAGE) - RESERVED / PAGE));
    layers.forEach((layer, l) => {
      // The first layer's weights are scaled, so that its inputs can stay bytes.
      this.#layers[l].load(layer, l === 0 ? header.inputScale : 1, staging);
    });
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
    const { outputs } = this.#layers.at(-1)!;
    const count = values.length / inputs;
    const probabilities = new Float32Array(count * outputs);
    for (let start = 0; start < count; start += this.#rows) {
      const rows = Math.min(this.#rows, count - start);
      new Values(buffer, this.#x, rows * inputs)
        .set(values.subarray(start * inputs, (start + rows) * inputs));
      const z = this.#forward(rows);
      probabilities.set(new Float32Array(buffer, z, rows * outputs), start * outputs);
    }
    return probabilities;
  }

  /** @returns where the last layer's outputs are */
  #forward(rows: number): number {
    const kernels = this.#kernels;
    let [from, to, free] = [this.#x, ...this.#buffers];
    const turn = () => [from, to, free] = [to, free, to];
    this.#layers.forEach(({ run, steps, outputs }, l) => {
      run(to, from, rows, l === 0 && !this.input.element);
      turn();
      let length = outputs;
      for (const step of steps) {
        if (typeof step === "string") {
          kernels[forwardKernelOf(step)](from, from, 0, rows * length);
          continue;
        }
        pool(kernels, step, to, from, rows);
        length = pooled(step);
        turn();
      }
    });
    this.#head(from, this.#layers.at(-1)!.outputs, rows);
    return from;
  }

  /** Turns the last layer's outputs into what the task gives, in place. */
  #head(z: number, outputs: number, rows: number): void {
    const { task } = this.answers;
    if (task === "classification") this.#kernels.softmax(z, z, outputs, 0, rows);
    else if (task !== "regression") this.#kernels.sigmoidForward(z, z, 0, rows * outputs);
  }
}

function pool(
  kernels: PredictorKernels,
  { of, window: [down, across], image }: Exclude<PackedStep, string>,
  to: number,
  from: number,
  rows: number,
): void {
  const [height, width, channels] = image;
  if (of === "largest") kernels.maxPoolForward(to, from, height, width, channels, down, 0, rows);
  else kernels.averagePoolForward(to, from, height, width, channels, down, across, 0, rows);
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

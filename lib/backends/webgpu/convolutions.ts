/** Convolutions: see shaders/convolution.ts. */
import { type ConvolutionShape, tapsOf } from "../../backend/convolution.ts";
import type { Operand } from "./dispatcher.ts";
import type { Gpu } from "./gpu.ts";
import { type Kernel, Variants } from "./kernels.ts";
import {
  convolution,
  convolutionBias,
  type ConvolutionPass,
  convolutionSum,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./shaders/convolution.ts";
import { THREADS } from "./shaders/shader.ts";
import { GpuBytes, type GpuMatrix, onlyRun, type Storage } from "./storage.ts";

const PASSES: readonly ConvolutionPass[] = ["forward", "inputs", "weights"];

/** Parts of a batch, each with weight gradients of its own, and bytes that they have together at most. */
const MOST_PARTS = 32;
const MOST_PARTIAL_BYTES = 2 ** 24;

/** What a call works on; the first is written. */
interface Call {
  readonly shape: ConvolutionShape;
  readonly images: number;
  readonly x: GpuMatrix | GpuBytes | null;
  readonly y: GpuMatrix | null;
  readonly w: GpuMatrix | null;
  readonly bias: GpuMatrix | null;
  readonly rows: number;
  readonly steps: number;
  /** Of a group. */
  readonly columns: number;
  readonly parts: number;
  readonly alpha: number;
}

export class Convolutions {
  /** Variants by the pass, whether images are bytes, and whether there is a bias. */
  readonly #passes: Variants;
  readonly #sum: Variants;
  readonly #bias: Variants;
  /** Where parts' sums are kept. */
  #partials: Storage | null = null;

  constructor(readonly gpu: Gpu) {
    this.#passes = new Variants(
      gpu.device,
      (number) => convolution(PASSES[number >> 2], (number & 2) === 2, (number & 1) === 1),
    );
    this.#sum = new Variants(gpu.device, convolutionSum);
    this.#bias = new Variants(gpu.device, convolutionBias);
  }

  convolve(
    y: GpuMatrix,
    x: GpuMatrix | GpuBytes,
    w: GpuMatrix,
    bias: GpuMatrix | null,
    shape: ConvolutionShape,
    alpha = 1,
  ): void {
    const rows = x.rows * shape.outHeight * shape.outWidth;
    const columns = shape.outputs / shape.groups;
    const sizes = { rows, steps: tapsOf(shape), columns, parts: 1, alpha };
    const kernel = this.#kernel("forward", x instanceof GpuBytes, bias !== null);
    this.#multiply(
      kernel,
      [y, x instanceof GpuBytes ? onlyRun(x) : x, w, bias ?? undefined],
      { shape, images: x.rows, x, y, w, bias, ...sizes },
    );
  }

  convolveInputGradient(dx: GpuMatrix, dy: GpuMatrix, w: GpuMatrix, shape: ConvolutionShape): void {
    const { height, width, channels, outputs, groups, kernelHeight, kernelWidth } = shape;
    const steps = kernelHeight * kernelWidth * outputs / groups;
    const sizes = { rows: dx.rows * height * width, steps, columns: channels / groups };
    this.#multiply(
      this.#kernel("inputs", false, false),
      [dx, dy, w],
      { shape, images: dx.rows, x: dx, y: dy, w, bias: null, ...sizes, parts: 1, alpha: 1 },
    );
  }

  convolveWeightGradient(
    dw: GpuMatrix,
    dbias: GpuMatrix | null,
    x: GpuMatrix | GpuBytes,
    dy: GpuMatrix,
    shape: ConvolutionShape,
    alpha = 1,
  ): void {
    const { images } = { images: x.rows };
    const rows = tapsOf(shape);
    const bytes = rows * shape.outputs * 4;
    const parts = Math.max(1, Math.min(MOST_PARTS, images, Math.floor(MOST_PARTIAL_BYTES / bytes)));
    const columns = shape.outputs / shape.groups;
    const sizes = { rows, steps: 0, columns, parts, alpha };
    const call = { shape, images, x, y: dy, w: dw, bias: dbias, ...sizes };
    const partials = { storage: this.#roomFor(parts * bytes) };
    const kernel = this.#kernel("weights", x instanceof GpuBytes, false);
    this.#multiply(kernel, [partials, x instanceof GpuBytes ? onlyRun(x) : x, dy], call);
    this.#run(this.#sum.get(0), [dw, partials], call, Math.ceil(rows * shape.outputs / THREADS));
    if (dbias) this.#run(this.#bias.get(0), [dbias, dy], call, shape.outputs);
  }

  #kernel(pass: ConvolutionPass, bytes: boolean, hasBias: boolean): Kernel {
    return this.#passes.get(4 * PASSES.indexOf(pass) + 2 * +bytes + +hasBias);
  }

  #multiply(kernel: Kernel, operands: readonly (Operand | undefined)[], call: Call): void {
    const { rows, columns, parts, shape: { groups } } = call;
    const tiles = Math.ceil(rows / TILE_ROWS) * Math.ceil(columns / TILE_COLUMNS);
    this.#run(kernel, operands, call, tiles * groups * parts);
  }

  #run(
    kernel: Kernel,
    operands: readonly (Operand | undefined)[],
    call: Call,
    groups: number,
  ): void {
    const { shape, images, x, y, w, bias, rows, steps, columns, parts, alpha } = call;
    const { recorder: { words, floats }, recorder, dispatcher } = this.gpu;
    const at = recorder.parameters();
    words[at] = images;
    words[at + 1] = shape.height;
    words[at + 2] = shape.width;
    words[at + 3] = shape.channels;
    words[at + 4] = shape.kernelHeight;
    words[at + 5] = shape.kernelWidth;
    words[at + 6] = shape.stride;
    words[at + 7] = shape.padTop;
    words[at + 8] = shape.padLeft;
    words[at + 9] = shape.outHeight;
    words[at + 10] = shape.outWidth;
    words[at + 11] = shape.outputs;
    words[at + 12] = shape.groups;
    words[at + 13] = x instanceof GpuBytes ? onlyRun(x).at / 4 : 4 * (x?.offset ?? 0);
    words[at + 14] = x instanceof GpuBytes ? x.stride : 4 * (x?.stride ?? 0);
    words[at + 15] = 4 * (y?.offset ?? 0);
    words[at + 16] = 4 * (y?.stride ?? 0);
    words[at + 17] = 4 * (w?.offset ?? 0);
    words[at + 18] = 4 * (w?.stride ?? 0);
    words[at + 19] = 4 * (bias?.offset ?? 0);
    words[at + 20] = rows;
    words[at + 21] = steps;
    words[at + 22] = columns;
    words[at + 23] = parts;
    floats[at + 24] = alpha;
    dispatcher.runLinear(kernel, operands, groups);
  }

  #roomFor(bytes: number): Storage {
    if (this.#partials && this.#partials.bytes >= bytes) return this.#partials;
    if (this.#partials) this.gpu.memory.retire(this.#partials);
    return this.#partials = this.gpu.memory.storage(bytes);
  }
}

/** Windows of images: the largest of each, and the mean. */
import type { Gpu } from "./gpu.ts";
import { type Kernel, Variants } from "./kernels.ts";
import {
  averagePoolBackward,
  averagePoolForward,
  maxPoolBackward,
  maxPoolForward,
} from "./shaders/pools.ts";
import { THREADS } from "./shaders/shader.ts";
import type { GpuMatrix } from "./storage.ts";

/** Height, width and channels of an image, height and width of a window. */
type Sizes = readonly [number, number, number, number, number];

export class PoolKernels {
  readonly #maxForward: Variants;
  readonly #maxBackward: Variants;
  readonly #averageForward: Variants;
  readonly #averageBackward: Variants;

  constructor(readonly gpu: Gpu) {
    const { device } = gpu;
    this.#maxForward = new Variants(device, maxPoolForward);
    this.#maxBackward = new Variants(device, maxPoolBackward);
    this.#averageForward = new Variants(device, averagePoolForward);
    this.#averageBackward = new Variants(device, averagePoolBackward);
  }

  maxPoolForward(y: GpuMatrix, x: GpuMatrix, h: number, w: number, c: number, size: number): void {
    this.#run(this.#maxForward.get(0), x, y, null, [h, w, c, size, size], true);
  }

  maxPoolBackward(
    dx: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void {
    this.#run(this.#maxBackward.get(0), dx, dy, x, [height, width, channels, size, size], false);
  }

  averagePoolForward(y: GpuMatrix, x: GpuMatrix, ...sizes: Sizes): void {
    this.#run(this.#averageForward.get(0), x, y, null, sizes, true);
  }

  averagePoolBackward(dx: GpuMatrix, dy: GpuMatrix, ...sizes: Sizes): void {
    this.#run(this.#averageBackward.get(0), dx, dy, null, sizes, false);
  }

  /** @param forward whether the windows' matrix is written, else the images' */
  #run(
    kernel: Kernel,
    x: GpuMatrix,
    y: GpuMatrix,
    other: GpuMatrix | null,
    [height, width, channels, down, across]: Sizes,
    forward: boolean,
  ): void {
    const { words, floats } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = height;
    words[at + 2] = width;
    words[at + 3] = channels;
    words[at + 4] = down;
    words[at + 5] = across;
    words[at + 6] = 4 * x.offset;
    words[at + 7] = 4 * x.stride;
    words[at + 8] = 4 * y.offset;
    words[at + 9] = 4 * y.stride;
    words[at + 10] = 4 * (other?.offset ?? 0);
    words[at + 11] = 4 * (other?.stride ?? 0);
    floats[at + 12] = 1 / (down * across);
    const written = forward ? y : x;
    const operands = forward ? [y, x] : [x, y, other ?? undefined];
    const groups = Math.ceil(written.rows * written.columns / THREADS);
    this.gpu.dispatcher.runLinear(kernel, operands, groups);
  }
}

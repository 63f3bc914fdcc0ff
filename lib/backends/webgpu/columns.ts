/** Kernels that go by columns of a batch: sums and batch normalization. */
import type { Gpu } from "./gpu.ts";
import { Variants } from "./kernels.ts";
import { BATCH_NORM_WIDTH, batchNormBackward, batchNormForward } from "./shaders/batch_norm.ts";
import { COLUMN_SUMS_WIDTH, columnSums } from "./shaders/column_sums.ts";
import { type GpuMatrix, isSame } from "./storage.ts";

export class ColumnKernels {
  readonly #columnSums: Variants;
  readonly #batchNormForward: Variants;
  /** Variants: 1 in place, 0 not. */
  readonly #batchNormBackward: Variants;

  constructor(readonly gpu: Gpu) {
    const { device } = gpu;
    this.#columnSums = new Variants(device, columnSums);
    this.#batchNormForward = new Variants(device, batchNormForward);
    this.#batchNormBackward = new Variants(device, (number) => batchNormBackward(number === 1));
  }

  columnSums(sums: GpuMatrix, x: GpuMatrix): void {
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = x.stride;
    words[at + 2] = sums.offset;
    words[at + 3] = x.offset;
    const groups = Math.ceil(x.stride / COLUMN_SUMS_WIDTH);
    this.gpu.dispatcher.run(this.#columnSums.get(0), [sums, x], groups);
  }

  batchNormForward(
    y: GpuMatrix,
    statistics: GpuMatrix,
    running: GpuMatrix,
    x: GpuMatrix,
    weight: GpuMatrix,
    bias: GpuMatrix,
    momentum: number,
    epsilon: number,
  ): void {
    const { words, floats } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = x.stride;
    words[at + 2] = y.offset;
    words[at + 3] = statistics.offset;
    words[at + 4] = running.offset;
    words[at + 5] = x.offset;
    words[at + 6] = weight.offset;
    words[at + 7] = bias.offset;
    floats[at + 8] = 1 / x.rows;
    floats[at + 9] = x.rows / (x.rows - 1);
    floats[at + 10] = momentum;
    floats[at + 11] = epsilon;
    const kernel = this.#batchNormForward.get(0);
    const operands = [y, statistics, running, x, weight, bias];
    this.gpu.dispatcher.run(kernel, operands, Math.ceil(x.stride / BATCH_NORM_WIDTH));
  }

  batchNormBackward(
    dx: GpuMatrix,
    dweight: GpuMatrix,
    dbias: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
  ): void {
    const inPlace = isSame(dx, dy);
    const { words, floats } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = x.rows;
    words[at + 1] = x.stride;
    words[at + 2] = dx.offset;
    words[at + 3] = dweight.offset;
    words[at + 4] = dbias.offset;
    words[at + 5] = dy.offset;
    words[at + 6] = x.offset;
    words[at + 7] = statistics.offset;
    words[at + 8] = weight.offset;
    floats[at + 9] = 1 / x.rows;
    const kernel = this.#batchNormBackward.get(+inPlace);
    const operands = [dx, dweight, dbias, x, statistics, weight, inPlace ? undefined : dy];
    this.gpu.dispatcher.run(kernel, operands, Math.ceil(x.stride / BATCH_NORM_WIDTH));
  }
}

/** Kernels that go by the channels of images: their normalization over a batch. */
import type { Operand } from "./dispatcher.ts";
import type { Gpu } from "./gpu.ts";
import { type Kernel, Variants } from "./kernels.ts";
import {
  channelNormPoolBackward,
  channelNormPoolForward,
  channelPoolSums,
} from "./shaders/channel_pool.ts";
import {
  channelGradientSums,
  channelMoments,
  channelNormBackward,
  channelNormForward,
  channelNormGradients,
  channelStatistics,
} from "./shaders/channels.ts";
import { THREADS } from "./shaders/shader.ts";
import { type GpuMatrix, isSame } from "./storage.ts";

/** What parameters say; see shaders/channels.ts. */
interface Call {
  readonly images: number;
  readonly positions: number;
  readonly channels: number;
  readonly parts?: number;
  /** What is written or, of what has several parts, summed. */
  readonly to: GpuMatrix;
  readonly x?: GpuMatrix;
  readonly dy?: GpuMatrix;
  readonly statistics?: GpuMatrix;
  readonly weight?: GpuMatrix;
  readonly bias?: GpuMatrix;
  readonly dweight?: GpuMatrix;
  readonly dbias?: GpuMatrix;
  /** Pixels of a row. */
  readonly width?: number;
  readonly momentum?: number;
  readonly epsilon?: number;
}

export class ChannelKernels {
  readonly #moments: Variants;
  readonly #statistics: Variants;
  /** Variants: 1 in place, 0 not. */
  readonly #forward: Variants;
  readonly #sums: Variants;
  readonly #gradients: Variants;
  readonly #backward: Variants;
  readonly #poolForward: Variants;
  readonly #poolSums: Variants;
  readonly #poolBackward: Variants;

  constructor(readonly gpu: Gpu) {
    const { device } = gpu;
    this.#moments = new Variants(device, channelMoments);
    this.#statistics = new Variants(device, channelStatistics);
    this.#forward = new Variants(device, (number) => channelNormForward(number === 1));
    this.#sums = new Variants(device, channelGradientSums);
    this.#gradients = new Variants(device, channelNormGradients);
    this.#backward = new Variants(device, (number) => channelNormBackward(number === 1));
    this.#poolForward = new Variants(device, channelNormPoolForward);
    this.#poolSums = new Variants(device, channelPoolSums);
    this.#poolBackward = new Variants(
      device,
      (number) => channelNormPoolBackward(number === 1),
    );
  }

  channelMoments(moments: GpuMatrix, x: GpuMatrix, positions: number, channels: number): void {
    const call = { images: x.rows, positions, channels, parts: moments.rows, to: moments, x };
    this.#run(this.#moments.get(0), [moments, x], call, moments.rows * channels);
  }

  channelStatistics(
    statistics: GpuMatrix,
    running: GpuMatrix,
    moments: GpuMatrix,
    images: number,
    positions: number,
    momentum: number,
    epsilon: number,
  ): void {
    const { columns: channels } = statistics;
    const sizes = { images, positions, channels, parts: moments.rows };
    const call = { ...sizes, to: moments, statistics, weight: running, momentum, epsilon };
    const groups = Math.ceil(channels / THREADS);
    this.#run(this.#statistics.get(0), [statistics, running, moments], call, groups);
  }

  channelNormForward(
    y: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
    bias: GpuMatrix,
    positions: number,
  ): void {
    const inPlace = isSame(y, x);
    const { columns: channels } = statistics;
    const call = { images: x.rows, positions, channels, to: y, x, statistics, weight, bias };
    const operands = [y, statistics, weight, bias, inPlace ? undefined : x];
    this.#run(this.#forward.get(+inPlace), operands, call, numberGroups(y));
  }

  channelGradientSums(
    sums: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    positions: number,
  ): void {
    const { columns: channels } = statistics;
    const sizes = { images: x.rows, positions, channels, parts: sums.rows };
    const call = { ...sizes, to: sums, x, dy, statistics };
    this.#run(this.#sums.get(0), [sums, dy, x, statistics], call, sums.rows * channels);
  }

  channelNormGradients(dweight: GpuMatrix, dbias: GpuMatrix, sums: GpuMatrix): void {
    const { columns: channels } = dweight;
    const sizes = { images: 1, positions: 1, channels, parts: sums.rows };
    const call = { ...sizes, to: sums, bias: dbias, dweight };
    const groups = Math.ceil(channels / THREADS);
    this.#run(this.#gradients.get(0), [dweight, dbias, sums], call, groups);
  }

  channelNormBackward(
    dx: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
    dweight: GpuMatrix,
    dbias: GpuMatrix,
    positions: number,
  ): void {
    const inPlace = isSame(dx, dy);
    const { columns: channels } = statistics;
    const of = { x, dy, statistics, weight, dweight, bias: dbias };
    const call = { images: x.rows, positions, channels, to: dx, ...of };
    const operands = [dx, x, statistics, weight, dweight, dbias, inPlace ? undefined : dy];
    this.#run(this.#backward.get(+inPlace), operands, call, numberGroups(dx));
  }

  channelNormPoolForward(
    y: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
    bias: GpuMatrix,
    height: number,
    width: number,
  ): void {
    const { columns: channels } = statistics;
    const sizes = { images: x.rows, positions: height * width, channels, width };
    const call = { ...sizes, to: y, x, statistics, weight, bias };
    const operands = [y, x, statistics, weight, bias];
    this.#run(this.#poolForward.get(0), operands, call, numberGroups(y));
  }

  channelPoolSums(
    sums: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
    bias: GpuMatrix,
    height: number,
    width: number,
  ): void {
    const { columns: channels } = statistics;
    const sizes = { images: x.rows, positions: height * width, channels, width };
    const call = { ...sizes, parts: sums.rows, to: sums, x, dy, statistics, weight, bias };
    const operands = [sums, dy, x, statistics, weight, bias];
    this.#run(this.#poolSums.get(0), operands, call, sums.rows * channels);
  }

  channelNormPoolBackward(
    dx: GpuMatrix,
    dy: GpuMatrix,
    x: GpuMatrix,
    statistics: GpuMatrix,
    weight: GpuMatrix,
    bias: GpuMatrix,
    dweight: GpuMatrix,
    dbias: GpuMatrix,
    height: number,
    width: number,
  ): void {
    const inPlace = isSame(dx, x);
    const { columns: channels } = statistics;
    const sizes = { images: x.rows, positions: height * width, channels, width };
    const call = { ...sizes, to: dx, x, dy, statistics, weight, bias, dweight, dbias };
    const operands = [dx, dy, statistics, weight, bias, dweight, dbias, inPlace ? undefined : x];
    const windows = Math.ceil(height / 2) * Math.ceil(width / 2) * channels;
    const groups = Math.ceil(x.rows * windows / THREADS);
    this.#run(this.#poolBackward.get(+inPlace), operands, call, groups);
  }

  #run(
    kernel: Kernel,
    operands: readonly (Operand | undefined)[],
    call: Call,
    groups: number,
  ): void {
    const { images, positions, channels, parts = 1, to, x, dy, statistics } = call;
    const { words, floats } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    const count = images * positions;
    words[at] = images;
    words[at + 1] = positions;
    words[at + 2] = channels;
    words[at + 3] = parts;
    words[at + 4] = 4 * to.offset;
    words[at + 5] = 4 * to.stride;
    words[at + 6] = 4 * (x?.offset ?? 0);
    words[at + 7] = 4 * (x?.stride ?? 0);
    words[at + 8] = 4 * (dy?.offset ?? 0);
    words[at + 9] = 4 * (dy?.stride ?? 0);
    words[at + 10] = 4 * (statistics?.offset ?? 0);
    words[at + 11] = 4 * (statistics?.stride ?? 0);
    words[at + 12] = 4 * (call.weight?.offset ?? 0);
    words[at + 13] = 4 * (call.bias?.offset ?? 0);
    words[at + 14] = 4 * (call.dweight?.offset ?? 0);
    floats[at + 15] = 1 / count;
    floats[at + 16] = count / (count - 1);
    floats[at + 17] = call.momentum ?? 0;
    floats[at + 18] = call.epsilon ?? 0;
    words[at + 19] = call.width ?? 1;
    words[at + 20] = 4 * (call.dbias?.offset ?? 0);
    this.gpu.dispatcher.runLinear(kernel, operands, groups);
  }
}

/** Workgroups of a kernel that takes a number a thread. */
function numberGroups({ rows, columns }: GpuMatrix): number {
  return Math.ceil(rows * columns / THREADS);
}

/** Kernels of what stands between a layer's product and its activation, and after that: batch normalisation, dropout. */
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { BATCH_NORM_WIDTH, batchNormBackward, batchNormForward } from "./shaders/batch_norm.ts";
import { dropout } from "./shaders/dropout.ts";
import { THREADS } from "./shaders/shader.ts";
import { type GpuMatrix, isSame, type Storage } from "./storage.ts";

export class LayerKernels {
  /** Variants: 1 in place, 0 not. */
  readonly #dropout: Variants;
  readonly #batchNormForward: Variants;
  readonly #batchNormBackward: Variants;
  /** Used anew by every dispatch. */
  readonly #storages: Storage[] = [];

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
  ) {
    const { device } = recorder;
    this.#dropout = new Variants(device, (number) => dropout(number === 1));
    this.#batchNormForward = new Variants(device, batchNormForward);
    this.#batchNormBackward = new Variants(device, (number) => batchNormBackward(number === 1));
  }

  dropout(y: GpuMatrix, x: GpuMatrix, rate: number, keyA: number, keyB: number): void {
    const inPlace = isSame(y, x);
    const input = inPlace ? undefined : this.aliases.apart(x.storage, y.storage);
    const { words, floats } = this.recorder;
    const at = this.recorder.parameters();
    const count = y.rows * y.stride;
    words[at] = count;
    words[at + 1] = y.offset;
    words[at + 2] = x.offset;
    words[at + 3] = y.stride;
    words[at + 4] = y.columns;
    words[at + 5] = Math.floor(rate * 2 ** 32);
    floats[at + 6] = 1 / (1 - rate);
    words[at + 7] = keyA;
    words[at + 8] = keyB;
    const kernel = this.#dropout.get(+inPlace);
    const group = this.groups.find(kernel, y.storage, input);
    this.recorder.dispatchLinear(kernel.pipeline, group, Math.ceil(count / THREADS));
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
    const storages = this.#storages;
    storages.length = 6;
    storages[0] = y.storage;
    storages[1] = statistics.storage;
    storages[2] = running.storage;
    storages[3] = this.aliases.apart(x.storage, y.storage);
    storages[4] = weight.storage;
    storages[5] = bias.storage;
    const { words, floats } = this.recorder;
    const at = this.recorder.parameters();
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
    const group = this.groups.findAll(kernel, storages);
    this.recorder.dispatch(kernel.pipeline, group, Math.ceil(x.stride / BATCH_NORM_WIDTH));
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
    const storages = this.#storages;
    storages.length = inPlace ? 6 : 7;
    storages[0] = dx.storage;
    storages[1] = dweight.storage;
    storages[2] = dbias.storage;
    storages[3] = this.aliases.apart(x.storage, dx.storage);
    storages[4] = statistics.storage;
    storages[5] = weight.storage;
    if (!inPlace) storages[6] = this.aliases.apart(dy.storage, dx.storage);
    const { words, floats } = this.recorder;
    const at = this.recorder.parameters();
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
    const group = this.groups.findAll(kernel, storages);
    this.recorder.dispatch(kernel.pipeline, group, Math.ceil(x.stride / BATCH_NORM_WIDTH));
  }
}

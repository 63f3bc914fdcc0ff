/** Kernels that meet a data set's rows in a given order: a batch's pixels, and its right answers. */
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { countCorrect } from "./shaders/count_correct.ts";
import { gather } from "./shaders/gather.ts";
import { gatherTransformed } from "./shaders/gather_transformed.ts";
import { THREADS } from "./shaders/shader.ts";
import { sumClassWeights } from "./shaders/sum_class_weights.ts";
import { type GpuBytes, type GpuMatrix, type GpuOrder, onlyRun, type Part } from "./storage.ts";

export class OrderKernels {
  readonly #gather: Variants;
  readonly #gatherTransformed: Variants;
  readonly #countCorrect: Variants;
  readonly #sumClassWeights: Variants;

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
  ) {
    this.#gather = new Variants(recorder.device, gather);
    this.#gatherTransformed = new Variants(recorder.device, gatherTransformed);
    this.#countCorrect = new Variants(recorder.device, countCorrect);
    this.#sumClassWeights = new Variants(recorder.device, sumClassWeights);
  }

  gather(x: GpuBytes, data: GpuBytes, order: GpuOrder, start: number): void {
    const output = onlyRun(x);
    const kernel = this.#gather.get(0);
    const count = x.rows * x.stride;
    for (const part of data.parts) {
      const input = this.aliases.apart(part.storage, output.storage);
      this.#gatherParameters(x, output.offset, data, part, start);
      const group = this.groups.find(kernel, output.storage, input, order.storage);
      this.recorder.dispatchLinear(kernel.pipeline, group, Math.ceil(count / THREADS));
    }
  }

  gatherTransformed(
    x: GpuBytes,
    data: GpuBytes,
    order: GpuOrder,
    start: number,
    sources: GpuOrder,
    key: number,
  ): void {
    const output = onlyRun(x);
    const kernel = this.#gatherTransformed.get(0);
    const { words } = this.recorder;
    const count = x.rows * x.stride;
    for (const part of data.parts) {
      const input = this.aliases.apart(part.storage, output.storage);
      const at = this.#gatherParameters(x, output.offset, data, part, start);
      words[at + 7] = x.columns;
      words[at + 8] = sources.length / x.columns;
      words[at + 9] = key;
      const group = this.groups.find(
        kernel,
        output.storage,
        input,
        order.storage,
        sources.storage,
      );
      this.recorder.dispatchLinear(kernel.pipeline, group, Math.ceil(count / THREADS));
    }
  }

  sumClassWeights(
    sum: GpuMatrix,
    classWeights: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    start: number,
    rows: number,
  ): void {
    const { storage, offset } = onlyRun(labels);
    const weights = this.aliases.apart(classWeights.storage, sum.storage);
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = rows;
    words[at + 1] = 4 * sum.offset;
    words[at + 2] = 4 * classWeights.offset;
    words[at + 3] = offset;
    words[at + 4] = start;
    const kernel = this.#sumClassWeights.get(0);
    const group = this.groups.find(kernel, sum.storage, weights, storage, order.storage);
    this.recorder.dispatch(kernel.pipeline, group, 1);
  }

  /** Parameters that both gathers have; the index of the first. */
  #gatherParameters(
    x: GpuBytes,
    offset: number,
    data: GpuBytes,
    part: Part,
    start: number,
  ): number {
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = x.rows * x.stride;
    words[at + 1] = x.stride;
    words[at + 2] = offset;
    words[at + 3] = start;
    words[at + 4] = part.firstRow;
    words[at + 5] = part.rows;
    words[at + 6] = data.firstRow;
    return at;
  }

  countCorrect(count: GpuMatrix, classes: GpuMatrix, labels: GpuBytes, order: GpuOrder): void {
    const { storage, offset } = onlyRun(labels);
    const predicted = this.aliases.apart(classes.storage, count.storage);
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = classes.rows;
    words[at + 1] = count.offset;
    words[at + 2] = classes.offset;
    words[at + 3] = offset;
    const kernel = this.#countCorrect.get(0);
    const group = this.groups.find(kernel, count.storage, predicted, storage, order.storage);
    this.recorder.dispatch(kernel.pipeline, group, 1);
  }
}

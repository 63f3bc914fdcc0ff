/** Kernels that bring the rows of a batch together, or go by the row numbers of one. */
import type { Gpu } from "./gpu.ts";
import { Variants } from "./kernels.ts";
import { gather } from "./shaders/gather.ts";
import { gatherTransformed } from "./shaders/gather_transformed.ts";
import { scaleRows } from "./shaders/scale_rows.ts";
import { THREADS } from "./shaders/shader.ts";
import {
  type GpuBytes,
  type GpuMatrix,
  type GpuOrder,
  isSame,
  onlyRun,
  type Part,
} from "./storage.ts";

export class ImageKernels {
  readonly #gather: Variants;
  readonly #gatherTransformed: Variants;
  /** Variants by whether the output is the input. */
  readonly #scaleRows: Variants;

  constructor(readonly gpu: Gpu) {
    this.#gather = new Variants(gpu.device, gather);
    this.#gatherTransformed = new Variants(gpu.device, gatherTransformed);
    this.#scaleRows = new Variants(gpu.device, (number) => scaleRows(number === 1));
  }

  gather(x: GpuBytes, data: GpuBytes, order: GpuOrder, start: number): void {
    const output = onlyRun(x);
    const kernel = this.#gather.get(0);
    const count = x.rows * x.stride;
    for (const part of data.parts) {
      this.#gatherParameters(x, output.at / 4, data, part, start);
      this.gpu.dispatcher.runLinear(kernel, [output, part, order], Math.ceil(count / THREADS));
    }
  }

  /** The same words, of which a row of float32 has four to a vec4. */
  gatherFloats(x: GpuMatrix, data: GpuMatrix, order: GpuOrder, start: number): void {
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    const stride = 4 * x.stride;
    const count = x.rows * stride;
    words[at] = count;
    words[at + 1] = stride;
    words[at + 2] = 4 * x.offset;
    words[at + 3] = start;
    words[at + 4] = 0;
    words[at + 5] = data.firstRow + data.rows;
    words[at + 6] = data.firstRow;
    const operands = [x, data, order];
    this.gpu.dispatcher.runLinear(this.#gather.get(0), operands, Math.ceil(count / THREADS));
  }

  scaleRows(
    y: GpuMatrix,
    x: GpuMatrix,
    scales: GpuMatrix,
    order: GpuOrder,
    start: number,
  ): void {
    const inPlace = isSame(y, x);
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    const count = 4 * x.rows * x.stride;
    words[at] = count;
    words[at + 1] = 4 * x.stride;
    words[at + 2] = 4 * y.offset;
    words[at + 3] = 4 * x.offset;
    words[at + 4] = 4 * scales.offset;
    words[at + 5] = start;
    const operands = [y, scales, order, inPlace ? undefined : x];
    const kernel = this.#scaleRows.get(+inPlace);
    this.gpu.dispatcher.runLinear(kernel, operands, Math.ceil(count / THREADS));
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
    const { words } = this.gpu.recorder;
    const count = x.rows * x.stride;
    for (const part of data.parts) {
      const at = this.#gatherParameters(x, output.at / 4, data, part, start);
      words[at + 7] = x.columns;
      words[at + 8] = sources.length / x.columns;
      words[at + 9] = key;
      const operands = [output, part, order, sources];
      this.gpu.dispatcher.runLinear(kernel, operands, Math.ceil(count / THREADS));
    }
  }

  /** Parameters that both gathers have; the index of the first. */
  #gatherParameters(
    x: GpuBytes,
    offset: number,
    data: GpuBytes,
    part: Part,
    start: number,
  ): number {
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = x.rows * x.stride;
    words[at + 1] = x.stride;
    words[at + 2] = offset;
    words[at + 3] = start;
    words[at + 4] = part.firstRow;
    words[at + 5] = part.rows;
    words[at + 6] = data.firstRow;
    return at;
  }
}

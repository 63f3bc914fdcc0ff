/** Losses of targets that are yes or no, or numbers. */
import type { Operand } from "./dispatcher.ts";
import type { Gpu } from "./gpu.ts";
import { Variants } from "./kernels.ts";
import { laneClass, LANES, rowsPerGroup } from "./shaders/rows.ts";
import { sigmoidCrossEntropy } from "./shaders/sigmoid_cross_entropy.ts";
import { distanceLoss } from "./shaders/distance_loss.ts";
import { type GpuBytes, type GpuMatrix, type GpuOrder, isSame, onlyRun } from "./storage.ts";

export class LossKernels {
  /** Variants by the lanes of a row, whether rows have weights, and whether the gradient takes the logits' place. */
  readonly #sigmoidCrossEntropy: Variants;
  readonly #distanceLoss: Variants;

  constructor(readonly gpu: Gpu) {
    const variants = (make: typeof distanceLoss) =>
      new Variants(
        gpu.device,
        (number) => make(LANES[number >> 2], (number & 2) === 2, (number & 1) === 1, gpu.software),
      );
    this.#sigmoidCrossEntropy = variants(sigmoidCrossEntropy);
    this.#distanceLoss = variants(distanceLoss);
  }

  sigmoidCrossEntropy(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    targets: GpuBytes,
    order: GpuOrder,
    start: number,
    positiveWeights: GpuMatrix,
    rowWeights: GpuMatrix | null,
  ): void {
    const run = onlyRun(targets);
    const at = this.#parameters(dLogits, losses, logits, start, rowWeights);
    const { words } = this.gpu.recorder;
    words[at + 6] = run.at / 4;
    words[at + 10] = targets.stride;
    words[at + 12] = 4 * positiveWeights.offset;
    const operands = [run, order, positiveWeights];
    this.#dispatch(this.#sigmoidCrossEntropy, dLogits, losses, logits, operands, rowWeights);
  }

  distanceLoss(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    targets: GpuMatrix,
    order: GpuOrder,
    start: number,
    distance: number,
    delta: number,
    rowWeights: GpuMatrix | null,
  ): void {
    const at = this.#parameters(dLogits, losses, logits, start, rowWeights);
    const { words, floats } = this.gpu.recorder;
    words[at + 6] = 4 * targets.offset;
    words[at + 10] = 4 * targets.stride;
    floats[at + 12] = delta;
    words[at + 13] = distance;
    const operands = [targets, order];
    this.#dispatch(this.#distanceLoss, dLogits, losses, logits, operands, rowWeights);
  }

  /** Parameters that both have; the index of the first. */
  #parameters(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    start: number,
    rowWeights: GpuMatrix | null,
  ): number {
    const { words, floats } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = logits.rows;
    words[at + 1] = logits.columns;
    words[at + 2] = 4 * logits.stride;
    words[at + 3] = 4 * logits.offset;
    words[at + 4] = 4 * dLogits.offset;
    words[at + 5] = losses.firstRow + start;
    words[at + 7] = start;
    floats[at + 8] = 1 / (logits.rows * logits.columns);
    words[at + 11] = rowWeights ? 4 * rowWeights.offset : 0;
    return at;
  }

  #dispatch(
    variants: Variants,
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    operands: readonly Operand[],
    rowWeights: GpuMatrix | null,
  ): void {
    const inPlace = isSame(dLogits, logits);
    const lanes = laneClass(logits.columns);
    const kernel = variants.get(4 * lanes + 2 * +(rowWeights !== null) + +inPlace);
    const all = [
      dLogits,
      losses,
      ...operands,
      rowWeights ?? undefined,
      inPlace ? undefined : logits,
    ];
    const groups = Math.ceil(logits.rows / rowsPerGroup(LANES[lanes]));
    this.gpu.dispatcher.runLinear(kernel, all, groups);
  }
}

/**
 * Kernels that go by rows of logits, and counts of labels. An argmax is held back until the next call: where that is the
 * cross-entropy of the same logits, as in training, one kernel does both.
 */
import type { Operand } from "./dispatcher.ts";
import type { Gpu } from "./gpu.ts";
import { type Kernel, Variants } from "./kernels.ts";
import { argmax } from "./shaders/argmax.ts";
import { countCorrect } from "./shaders/count_correct.ts";
import { rowSquares } from "./shaders/row_squares.ts";
import { laneClass, LANES, rowsPerGroup } from "./shaders/rows.ts";
import { softmax } from "./shaders/softmax.ts";
import { softmaxCrossEntropy } from "./shaders/softmax_cross_entropy.ts";
import { sumClassWeights } from "./shaders/sum_class_weights.ts";
import { weightedCrossEntropy } from "./shaders/weighted_cross_entropy.ts";
import { type GpuBytes, type GpuMatrix, type GpuOrder, isSame, onlyRun } from "./storage.ts";

export class RowKernels {
  /** Variants by the lanes of a row, and by what is done at once. */
  readonly #softmax: Variants;
  readonly #crossEntropy: Variants;
  readonly #weightedCrossEntropy: Variants;
  readonly #argmax: Variants;
  readonly #rowSquares: Variants;
  /** Kernels of one variant. */
  readonly #sumClassWeights: Variants;
  readonly #countCorrect: Variants;
  /** The argmax that is held back: its logits, null where there is none, and the rest. */
  #logits: GpuMatrix | null = null;
  #classes!: GpuMatrix;
  #start = 0;
  /** The classes that the cross-entropy which is being dispatched writes, too. */
  #taken: GpuMatrix | null = null;

  constructor(readonly gpu: Gpu) {
    const { device, software } = gpu;
    this.#softmax = new Variants(
      device,
      (number) => softmax(LANES[number >> 1], (number & 1) === 1, software),
    );
    const variants = (make: typeof softmaxCrossEntropy) =>
      new Variants(
        device,
        (number) => make(LANES[number >> 2], (number & 1) === 1, (number & 2) === 2, software),
      );
    this.#crossEntropy = variants(softmaxCrossEntropy);
    this.#weightedCrossEntropy = variants(weightedCrossEntropy);
    this.#argmax = new Variants(device, (number) => argmax(LANES[number]));
    this.#rowSquares = new Variants(device, (number) => rowSquares(LANES[number]));
    this.#sumClassWeights = new Variants(device, sumClassWeights);
    this.#countCorrect = new Variants(device, countCorrect);
  }

  argmax(classes: GpuMatrix, logits: GpuMatrix, start: number): void {
    this.#logits = logits;
    this.#classes = classes;
    this.#start = start;
  }

  /** Dispatches the argmax that is held back, if there is one. */
  launch(): void {
    const logits = this.#logits;
    if (logits === null) return;
    this.#logits = null;
    const classes = this.#classes;
    const at = this.#rows(logits);
    this.gpu.recorder.words[at + 4] = classes.firstRow + this.#start;
    this.#dispatch(this.#argmax.get(laneClass(logits.columns)), [classes, logits], logits);
  }

  softmax(p: GpuMatrix, logits: GpuMatrix): void {
    const inPlace = isSame(p, logits);
    const at = this.#rows(logits);
    this.gpu.recorder.words[at + 4] = 4 * p.offset;
    const kernel = this.#softmax.get(2 * laneClass(logits.columns) + +inPlace);
    this.#dispatch(kernel, [p, inPlace ? undefined : logits], logits);
  }

  softmaxCrossEntropy(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    start: number,
  ): void {
    const at = this.#crossEntropyParameters(dLogits, losses, logits, labels, start);
    this.gpu.recorder.floats[at + 8] = 1 / logits.rows;
    this.#dispatchCrossEntropy(this.#crossEntropy, dLogits, losses, logits, labels, order);
  }

  weightedCrossEntropy(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    start: number,
    classWeights: GpuMatrix,
    weightSum: GpuMatrix,
    smoothing: number,
  ): void {
    const at = this.#crossEntropyParameters(dLogits, losses, logits, labels, start);
    const { words, floats } = this.gpu.recorder;
    floats[at + 8] = smoothing;
    floats[at + 10] = smoothing / logits.columns;
    words[at + 11] = 4 * classWeights.offset;
    words[at + 12] = 4 * weightSum.offset;
    const kernel = this.#weightedCrossEntropy;
    this.#dispatchCrossEntropy(
      kernel,
      dLogits,
      losses,
      logits,
      labels,
      order,
      classWeights,
      weightSum,
    );
  }

  /** What both cross-entropies are told; they write the classes of the argmax that is held back, if they can. */
  #crossEntropyParameters(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    labels: GpuBytes,
    start: number,
  ): number {
    this.#taken = this.#takeArgmax(dLogits, losses, logits, start);
    const { words } = this.gpu.recorder;
    const at = this.#rows(logits);
    words[at + 4] = 4 * dLogits.offset;
    words[at + 5] = losses.firstRow + start;
    words[at + 6] = onlyRun(labels).at / 4;
    words[at + 7] = start;
    if (this.#taken) words[at + 9] = this.#taken.firstRow + start;
    return at;
  }

  #dispatchCrossEntropy(
    variants: Variants,
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    classWeights?: GpuMatrix,
    weightSum?: GpuMatrix,
  ): void {
    const inPlace = isSame(dLogits, logits);
    const classes = this.#taken ?? undefined;
    const variant = 4 * laneClass(logits.columns) + 2 * +(classes !== undefined) + +inPlace;
    this.#dispatch(variants.get(variant), [
      dLogits,
      losses,
      onlyRun(labels),
      order,
      classWeights,
      weightSum,
      inPlace ? undefined : logits,
      classes,
    ], logits);
  }

  rowSquares(sums: GpuMatrix, x: GpuMatrix, start: number): void {
    const at = this.#rows(x);
    this.gpu.recorder.words[at + 4] = sums.firstRow + start;
    this.#dispatch(this.#rowSquares.get(laneClass(x.columns)), [sums, x], x);
  }

  sumClassWeights(
    sum: GpuMatrix,
    classWeights: GpuMatrix,
    labels: GpuBytes,
    order: GpuOrder,
    start: number,
    rows: number,
  ): void {
    const labeled = onlyRun(labels);
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = rows;
    words[at + 1] = 4 * sum.offset;
    words[at + 2] = 4 * classWeights.offset;
    words[at + 3] = labeled.at / 4;
    words[at + 4] = start;
    const operands = [sum, classWeights, labeled, order];
    this.gpu.dispatcher.run(this.#sumClassWeights.get(0), operands, 1);
  }

  countCorrect(count: GpuMatrix, classes: GpuMatrix, labels: GpuBytes, order: GpuOrder): void {
    const labeled = onlyRun(labels);
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = classes.rows;
    words[at + 1] = count.offset;
    words[at + 2] = classes.offset;
    words[at + 3] = labeled.at / 4;
    const operands = [count, classes, labeled, order];
    this.gpu.dispatcher.run(this.#countCorrect.get(0), operands, 1);
  }

  /** The classes of the argmax that is held back, if the cross-entropy can write them. */
  #takeArgmax(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    start: number,
  ): GpuMatrix | null {
    const classes = this.#classes;
    if (
      this.#logits !== null && isSame(this.#logits, logits) && this.#start === start &&
      classes.storage !== dLogits.storage && classes.storage !== losses.storage &&
      classes.storage !== logits.storage
    ) {
      this.#logits = null;
      return classes;
    }
    this.launch();
    return null;
  }

  /** Parameters that every such kernel has; the index of the first. */
  #rows(logits: GpuMatrix): number {
    const { words } = this.gpu.recorder;
    const at = this.gpu.recorder.parameters();
    words[at] = logits.rows;
    words[at + 1] = logits.columns;
    words[at + 2] = 4 * logits.stride;
    words[at + 3] = 4 * logits.offset;
    return at;
  }

  #dispatch(
    kernel: Kernel,
    operands: readonly (Operand | undefined)[],
    { rows, columns }: GpuMatrix,
  ): void {
    const lanes = LANES[laneClass(columns)];
    this.gpu.dispatcher.runLinear(kernel, operands, Math.ceil(rows / rowsPerGroup(lanes)));
  }
}

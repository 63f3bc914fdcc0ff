/**
 * Kernels that go by rows of logits. An argmax is held back until the next call: where that is the
 * cross-entropy of the same logits, as in training, one kernel does both.
 */
import type { CrossEntropyTargets } from "../../backend.ts";
import type { Aliases } from "./aliases.ts";
import type { Groups } from "./groups.ts";
import { type Kernel, Variants } from "./kernels.ts";
import type { Recorder } from "./recorder.ts";
import { argmax } from "./shaders/argmax.ts";
import { laneClass, LANES, rowsPerGroup } from "./shaders/rows.ts";
import { softmax } from "./shaders/softmax.ts";
import { softmaxCrossEntropy } from "./shaders/softmax_cross_entropy.ts";
import { weightedCrossEntropy } from "./shaders/weighted_cross_entropy.ts";
import { type GpuMatrix, type GpuOrder, isSame, type Storage } from "./storage.ts";

export class RowKernels {
  readonly #softmax: Variants;
  readonly #crossEntropy: Variants;
  readonly #weightedCrossEntropy: Variants;
  readonly #argmax: Variants;
  /** The argmax that is held back: its logits, null where there is none, and the rest. */
  #logits: GpuMatrix | null = null;
  #classes!: GpuMatrix;
  #start = 0;
  /** Used anew by every dispatch of many buffers. */
  readonly #storages: Storage[] = [];

  constructor(
    readonly recorder: Recorder,
    readonly groups: Groups,
    readonly aliases: Aliases,
    software: boolean,
  ) {
    const { device } = recorder;
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
  }

  holdArgmax(classes: GpuMatrix, logits: GpuMatrix, start: number): void {
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
    const input = this.aliases.apart(logits.storage, classes.storage);
    const at = this.#rows(logits);
    this.recorder.words[at + 4] = classes.firstRow + this.#start;
    const kernel = this.#argmax.get(laneClass(logits.columns));
    this.#dispatch(kernel, this.groups.find(kernel, classes.storage, input), logits);
  }

  softmax(p: GpuMatrix, logits: GpuMatrix): void {
    const inPlace = isSame(p, logits);
    const input = inPlace ? undefined : this.aliases.apart(logits.storage, p.storage);
    const at = this.#rows(logits);
    this.recorder.words[at + 4] = 4 * p.offset;
    const kernel = this.#softmax.get(2 * laneClass(logits.columns) + +inPlace);
    this.#dispatch(kernel, this.groups.find(kernel, p.storage, input), logits);
  }

  /**
   * @param labels       where the labels lie, one a word, from word `labelsOffset` on
   */
  crossEntropy(
    dLogits: GpuMatrix,
    losses: GpuMatrix,
    logits: GpuMatrix,
    labels: Storage,
    labelsOffset: number,
    order: GpuOrder,
    start: number,
    targets?: CrossEntropyTargets,
  ): void {
    const classes = this.#takeArgmax(dLogits, losses, logits, start);
    const inPlace = isSame(dLogits, logits);
    const input = inPlace
      ? undefined
      : this.aliases.apart(logits.storage, dLogits.storage, losses.storage);
    const { words, floats } = this.recorder;
    const at = this.#rows(logits);
    words[at + 4] = 4 * dLogits.offset;
    words[at + 5] = losses.firstRow + start;
    words[at + 6] = labelsOffset;
    words[at + 7] = start;
    floats[at + 8] = 1 / logits.rows;
    if (classes) words[at + 9] = classes.firstRow + start;
    const variant = 4 * laneClass(logits.columns) + 2 * +(classes !== null) + +inPlace;
    if (targets) {
      const { smoothing } = targets;
      const [weights, sum] = [targets.classWeights as GpuMatrix, targets.weightSum as GpuMatrix];
      floats[at + 8] = smoothing;
      floats[at + 10] = smoothing / logits.columns;
      words[at + 11] = 4 * weights.offset;
      words[at + 12] = 4 * sum.offset;
      const kernel = this.#weightedCrossEntropy.get(variant);
      const storages = this.#storages;
      storages.length = 0;
      storages.push(dLogits.storage, losses.storage, labels, order.storage);
      storages.push(weights.storage, sum.storage);
      if (input) storages.push(input);
      if (classes) storages.push(classes.storage);
      return this.#dispatch(kernel, this.groups.findAll(kernel, storages), logits);
    }
    const kernel = this.#crossEntropy.get(variant);
    const group = this.groups.find(
      kernel,
      dLogits.storage,
      losses.storage,
      labels,
      order.storage,
      input ?? classes?.storage,
      input && classes?.storage,
    );
    this.#dispatch(kernel, group, logits);
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
    const { words } = this.recorder;
    const at = this.recorder.parameters();
    words[at] = logits.rows;
    words[at + 1] = logits.columns;
    words[at + 2] = 4 * logits.stride;
    words[at + 3] = 4 * logits.offset;
    return at;
  }

  #dispatch({ pipeline }: Kernel, group: GPUBindGroup, { rows, columns }: GpuMatrix): void {
    const lanes = LANES[laneClass(columns)];
    this.recorder.dispatchLinear(pipeline, group, Math.ceil(rows / rowsPerGroup(lanes)));
  }
}

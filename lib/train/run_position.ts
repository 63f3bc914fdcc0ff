/**
 * Where a run stands: how far it has come, what it goes back to where it cannot continue from there, and what it has for its
 * result so far. All that a state of training has, but for what is on the back end.
 */
import type { TrainConfig } from "../config/options.ts";
import type { TaskName } from "../dataset/samples.ts";
import type { Tensors } from "../nn/tensors.ts";
import { NumpyRandomState, type NumpyRandomStateData } from "../random/numpy_random_state.ts";
import { BestSoFar, type EpochValidation } from "./best_epoch.ts";
import type { EndEvent, StopReason } from "./events.ts";
import type { RowsSoFar } from "./session.ts";
import { type LastGoodEpoch, lastGoodOf, rowsSoFarOf, saveEpoch } from "./checkpoint/snapshot.ts";
import type { TrainingProgress, TrainingState } from "./checkpoint/state.ts";

export class RunPosition {
  /** Epochs that are complete, and batches of the next one that are. */
  epoch = 0;
  batch = 0;
  /** Draws an epoch's permutation. */
  random: NumpyRandomState;
  /** What a session begins with: the tensors and, in the middle of an epoch, what that has found so far. */
  tensors: Tensors;
  rowsSoFar: RowsSoFar | null = null;
  /** After the last epoch whose losses were finite. */
  lastGood: LastGoodEpoch | null = null;
  divergedAt: EndEvent["divergedAt"] = null;
  readonly best: BestSoFar;
  readonly startedAt: number;
  /** Before the permutation of the epoch under way was drawn. */
  #epochRandom: NumpyRandomStateData;
  /** What the epoch under way took in processes before this one. */
  #epochMs: number;
  /** When this one began it, less that. */
  #epochStart = 0;

  /**
   * @param initial   draws the parameters that training begins with
   * @param elapsedMs how long training took before, where that is more than `resume` knows of
   */
  constructor(
    readonly config: TrainConfig,
    readonly initial: (random: NumpyRandomState) => Tensors,
    resume: TrainingState | undefined,
    elapsedMs = 0,
  ) {
    const before = Math.max(resume?.progress.elapsedMs ?? 0, elapsedMs);
    this.startedAt = performance.now() - before;
    this.#epochMs = resume?.progress.epochMs ?? 0;
    this.best = new BestSoFar(config);
    if (resume) {
      const { progress, tensors } = resume;
      this.random = NumpyRandomState.fromState(progress.random);
      this.best.restore(progress.best, tensors);
      [this.epoch, this.batch] = [progress.epoch, progress.batch];
      this.rowsSoFar = rowsSoFarOf(resume);
      this.lastGood = lastGoodOf(resume);
      this.tensors = tensors;
    } else {
      this.random = new NumpyRandomState(config.seed);
      this.tensors = initial(this.random);
    }
    this.#epochRandom = this.random.state();
  }

  /** Why there is no other epoch; null while there is one. */
  stoppedBy(isAborted: boolean): StopReason | null {
    if (this.divergedAt) return "divergence";
    if (this.batch === 0 && this.epoch >= this.config.epochs) return "epochs";
    if (this.batch === 0 && this.best.isPatienceOver(this.epoch)) return "patience";
    return isAborted ? "interruption" : null;
  }

  /** Before the permutation of an epoch is drawn. */
  beginEpoch(now: number): void {
    this.#epochStart = now - this.#epochMs;
    this.#epochMs = 0;
    this.#epochRandom = this.random.state();
  }

  /**
   * The epoch under way is over, and its losses and weights are finite.
   *
   * @param isWhole whether `tensors` has what the optimizer keeps, too
   * @param network `tensors` without that
   */
  completeEpoch(
    tensors: Tensors,
    isWhole: boolean,
    network: Tensors,
    validation: EpochValidation | null,
  ): void {
    this.lastGood = { tensors, validation, isWhole };
    this.best.take(this.epoch + 1, validation, network);
    [this.epoch, this.batch] = [this.epoch + 1, 0];
    this.#epochRandom = this.random.state();
  }

  /** Undoes what has been done since the last completed epoch. */
  goBackToEpoch(): void {
    this.random = NumpyRandomState.fromState(this.#epochRandom);
    this.batch = 0;
    this.rowsSoFar = null;
    this.#epochMs = 0;
    this.tensors = this.lastGood?.tensors ?? this.initial(new NumpyRandomState(this.config.seed));
  }

  /** Milliseconds of the epoch under way, and since training began. */
  times(now: number): { readonly epochMs: number; readonly elapsedMs: number } {
    return { epochMs: now - this.#epochStart, elapsedMs: now - this.startedAt };
  }

  /** As a state has it. */
  progress(): TrainingProgress {
    const { epochMs, elapsedMs } = this.times(performance.now());
    return {
      epoch: this.epoch,
      batch: this.batch,
      random: this.#epochRandom,
      validationLoss: this.lastGood?.validation?.loss ?? null,
      validationAccuracy: this.lastGood?.validation?.metrics.accuracy ?? null,
      validationMetrics: this.lastGood?.validation?.metrics ?? null,
      best: this.best.best,
      elapsedMs,
      epochMs: this.batch > 0 ? epochMs : 0,
    };
  }

  /** The tensors of a state between two epochs, where they are here; else they are on the back end. */
  get keptTensors(): Tensors | null {
    return this.batch === 0 && this.lastGood?.isWhole ? this.lastGood.tensors : null;
  }

  /**
   * Adds to the tensors of a state what is not on the back end, or not for long.
   *
   * @param rows    what the epoch under way has found so far; null between two
   * @param network the network's tensors of those that are given
   */
  save(
    tensors: Map<string, Float32Array<ArrayBuffer>>,
    rows: RowsSoFar | null,
    network: (tensors: Tensors) => Tensors,
    task: TaskName,
  ): void {
    this.best.save(tensors);
    if (rows) saveEpoch(tensors, rows, this.lastGood && network(this.lastGood.tensors), task);
  }
}

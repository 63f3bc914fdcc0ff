/**
 * Where training is, in one line that fits a terminal: to be overwritten while it runs, or one for
 * each epoch.
 */

import {
  formatCount,
  formatCountdown,
  formatDuration,
  formatLoss,
  formatPercent,
} from "./format.ts";

/** One column stays free: some terminals wrap a line that fills the last one. */
export const MAX_PROGRESS_WIDTH = 79;

const BAR_WIDTH = 10;

/** Where training is. Null: not known yet. */
export interface Progress {
  /** The epoch that is running, from 1, and how many there will be. */
  readonly epoch: number;
  readonly epochs: number;
  /** How much of this epoch is done, from 0 to 1. */
  readonly epochFraction: number;
  /** In nats; the training loss so far in this epoch, the validation loss of the last epoch. */
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  /** Of the last epoch, from 0 to 1. */
  readonly validationAccuracy: number | null;
  /** What stands in place of the accuracy, as in "R2 0.5123". */
  readonly validationMetric?: string;
  readonly samplesPerSecond: number | null;
  readonly remainingMs: number | null;
}

/** What there is to say about an epoch that is over. */
export interface EpochSummary {
  readonly epoch: number;
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** What stands in place of the accuracy, as in "R2 0.5123". */
  readonly validationMetric?: string;
  readonly samplesPerSecond: number | null;
  readonly epochMs: number | null;
}

/**
 * The line to show while an epoch runs:
 * `epoch  7/40 [#####-----] loss 0.7363 val 0.7512 (74.3 %) 154,589/s 0:25 left`.
 *
 * @param width Columns there are room for.
 * @returns At most `width` columns of ASCII; what is least important goes where there
 *     is no room.
 */
export function progressLine(progress: Progress, width = MAX_PROGRESS_WIDTH): string {
  const { trainLoss, validationLoss, validationAccuracy, samplesPerSecond, remainingMs } = progress;
  const filled = Math.round(Math.min(1, Math.max(0, progress.epochFraction)) * BAR_WIDTH);
  const epoch = epochNumber(progress.epoch, progress.epochs);
  const bar = `[${"#".repeat(filled).padEnd(BAR_WIDTH, "-")}]`;
  const losses = validationLoss === null && validationAccuracy === null
    ? `loss ${formatLoss(trainLoss)}`
    : `loss ${formatLoss(trainLoss)} val ${formatLoss(validationLoss)} ` +
      `(${progress.validationMetric ?? formatPercent(validationAccuracy, 1)})`;
  const rate = samplesPerSecond === null ? "" : `${formatCount(samplesPerSecond)}/s`;
  const left = remainingMs === null ? "" : `${formatCountdown(remainingMs)} left`;
  const loss = `loss ${formatLoss(trainLoss)}`;
  const choices = [
    [epoch, bar, losses, rate, left],
    [epoch, losses, rate, left],
    [epoch, losses, left],
    [epoch, loss, left],
    [epoch, left],
  ];
  return fit(choices, width);
}

/**
 * The line for an epoch that is over:
 * `epoch  7/40  train 0.7363  val 0.7512 (74.31 %)  0.31 s  154,589/s`.
 *
 * @param epochs How many epochs there will be.
 * @param width Columns there are room for.
 * @returns At most `width` columns of ASCII.
 */
export function epochLine(
  summary: EpochSummary,
  epochs: number,
  width = MAX_PROGRESS_WIDTH,
): string {
  const { epoch, trainLoss, validationLoss, validationAccuracy, samplesPerSecond, epochMs } =
    summary;
  const number = epochNumber(epoch, epochs);
  const losses = validationLoss === null && validationAccuracy === null
    ? `train ${formatLoss(trainLoss)}`
    : `train ${formatLoss(trainLoss)}  val ${formatLoss(validationLoss)} ` +
      `(${summary.validationMetric ?? formatPercent(validationAccuracy)})`;
  const time = formatDuration(epochMs);
  const choices = [
    [number, losses, time, `${formatCount(samplesPerSecond)}/s`],
    [number, losses],
    [number, `train ${formatLoss(trainLoss)}`],
  ];
  return fit(choices, width, "  ");
}

/** Always as wide for one run, so that the line does not jump. */
function epochNumber(epoch: number, epochs: number): string {
  const total = String(epochs);
  return `epoch ${String(epoch).padStart(total.length)}/${total}`;
}

/** The first choice of parts that fits; the last one is cut where none does. */
function fit(
  choices: readonly (readonly string[])[],
  width: number,
  separator = " ",
): string {
  const lines = choices.map((parts) => parts.filter((part) => part !== "").join(separator));
  const fitting = lines.find((line) => line.length <= width);
  return fitting ?? lines[lines.length - 1].slice(0, width);
}

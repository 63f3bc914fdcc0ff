/** Shows where training is, in one line that is overwritten. */
import { leadingMetric, type NamedMetric } from "../../report/metrics_text.ts";
import { terminalColumns } from "../../report/page_width.ts";
import { epochLine, MAX_PROGRESS_WIDTH, progressLine } from "../../report/progress_line.ts";
import type { EpochEvent, ProgressEvent } from "../../train/events.ts";
import type { StatusLine } from "../output.ts";

export class ProgressView {
  #last: EpochEvent | null = null;
  #interrupted = false;

  /**
   * @param epochs  how many there will be
   * @param metrics of the task, the loss first; of one with an accuracy, that is shown
   */
  constructor(
    readonly status: StatusLine,
    readonly epochs: number,
    readonly metrics: readonly NamedMetric[],
  ) {}

  progress({ epoch, batch, batches, elapsedMs }: ProgressEvent): void {
    const done = epoch - 1 + batch / batches;
    this.#show(progressLine({
      epoch,
      epochs: this.epochs,
      epochFraction: batch / batches,
      trainLoss: this.#last?.trainLoss ?? null,
      validationLoss: this.#last?.validationLoss ?? null,
      validationAccuracy: this.#last?.validationAccuracy ?? null,
      ...this.#metricOf(this.#last),
      samplesPerSecond: this.#last?.samplesPerSecond ?? null,
      remainingMs: elapsedMs / done * (this.epochs - done),
    }, room()));
  }

  epoch(event: EpochEvent): void {
    this.#last = event;
    this.#show(epochLine({ ...event, ...this.#metricOf(event) }, this.epochs, room()));
  }

  /** Says what happens after Ctrl-C; stays until the model is saved. */
  interrupt(): void {
    this.#show("Interrupted: saving what was learned; once more to stop without saving");
    this.#interrupted = true;
  }

  /** Where a task has no accuracy, the metric that says most. */
  #metricOf(event: EpochEvent | null): { readonly validationMetric?: string } {
    if (this.metrics.some(({ name }) => name === "accuracy")) return {};
    return { validationMetric: leadingMetric(this.metrics, event?.validation ?? null) };
  }

  #show(line: string): void {
    if (!this.#interrupted) this.status.set(line);
  }
}

/** Columns for a line: one stays free, because some terminals wrap a line that fills the last one. */
function room(): number {
  return Math.min(MAX_PROGRESS_WIDTH, terminalColumns() - 1);
}

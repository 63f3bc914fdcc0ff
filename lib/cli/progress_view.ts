/** Shows where training is, in one line that is overwritten. */
import { terminalColumns } from "../report/page_width.ts";
import { epochLine, MAX_PROGRESS_WIDTH, progressLine } from "../report/progress_line.ts";
import type { EpochEvent, ProgressEvent } from "../train/events.ts";
import type { StatusLine } from "./output.ts";

export class ProgressView {
  #last: EpochEvent | null = null;
  #interrupted = false;

  /** @param epochs how many there will be */
  constructor(readonly status: StatusLine, readonly epochs: number) {}

  progress({ epoch, batch, batches, elapsedMs }: ProgressEvent): void {
    const done = epoch - 1 + batch / batches;
    this.#show(progressLine({
      epoch,
      epochs: this.epochs,
      epochFraction: batch / batches,
      trainLoss: this.#last?.trainLoss ?? null,
      validationLoss: this.#last?.validationLoss ?? null,
      validationAccuracy: this.#last?.validationAccuracy ?? null,
      samplesPerSecond: this.#last?.samplesPerSecond ?? null,
      remainingMs: elapsedMs / done * (this.epochs - done),
    }, room()));
  }

  epoch(event: EpochEvent): void {
    this.#last = event;
    this.#show(epochLine(event, this.epochs, room()));
  }

  /** Says what happens after Ctrl-C; stays until the model is saved. */
  interrupt(): void {
    this.#show("Interrupted: saving what was learnt; once more to stop without saving");
    this.#interrupted = true;
  }

  #show(line: string): void {
    if (!this.#interrupted) this.status.set(line);
  }
}

/** Columns for a line: one stays free, because some terminals wrap a line that fills the last one. */
function room(): number {
  return Math.min(MAX_PROGRESS_WIDTH, terminalColumns() - 1);
}

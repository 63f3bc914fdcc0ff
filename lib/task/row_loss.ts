/** What losses share whose targets are a row of numbers for each row: what is found of a row is its logits. */
import type { Backend, Matrix, RowIndices } from "../backend/mod.ts";
import type { BatchBuffers } from "../nn/sequential.ts";
import { RowWeights } from "./row_weights.ts";
import { numberOf } from "./threshold.ts";
import type { LossOptions, LossPlace, Metrics, Task, TaskLoss } from "./task.ts";

export abstract class RowLoss implements TaskLoss {
  protected readonly backend: Backend;
  /** What each row of the data set counts, N x 1; null where all count alike. */
  protected readonly rowWeights: Matrix | null;
  readonly #zero: Matrix;
  readonly #views = new Map<number, Matrix>();
  #viewed: Matrix | null = null;

  /** @param weights what each row of the data set counts; they are scaled to a mean of 1 over the rows to train on */
  constructor(
    readonly task: Task,
    readonly place: LossPlace,
    readonly options: LossOptions,
    weights: Float32Array | null,
  ) {
    const { backend, allocate, outputs, rows } = place;
    this.backend = backend;
    this.#zero = allocate(1, outputs);
    this.rowWeights = weights && new RowWeights(backend, allocate, weights, rows).matrix;
  }

  prepare(): void {}

  /** Copies the logits, by adding nothing to them. */
  note(found: Matrix, logits: Matrix, start: number): void {
    if (this.#viewed !== found) this.#views.clear();
    this.#viewed = found;
    const { rows } = logits;
    let view = this.#views.get(start);
    if (view?.rows !== rows) {
      this.#views.set(start, view = this.backend.view(found, start, rows));
    }
    this.backend.addBias(view, logits, this.#zero);
  }

  abstract take(
    buffers: Pick<BatchBuffers, "logits" | "dLogits">,
    losses: Matrix,
    order: RowIndices,
    start: number,
  ): void;

  mean(losses: number, penalty: number): number {
    return (losses + penalty) / this.place.rows.length;
  }

  async epochMetrics(found: Matrix, _: RowIndices, rows: Uint32Array): Promise<Metrics> {
    const { uploaded: { targets, map }, outputs } = this.place;
    const about = { outputs, map, threshold: numberOf(this.options.threshold ?? 0.5) };
    return this.task.measure(await this.backend.read(found), targets, rows, about);
  }
}

/** What each row of a data set counts in the loss, on a back end. */
import type { Backend, Matrix, RowIndices } from "../backend/mod.ts";

export class RowWeights {
  /** N x 1. */
  readonly matrix: Matrix;
  /** The rows of a batch among all losses, by where they begin. */
  readonly #views = new Map<number, Matrix>();
  #viewed: Matrix | null = null;

  /**
   * @param weights N; they are scaled to a mean of 1 over `rows`, those to train on
   */
  constructor(
    readonly backend: Backend,
    allocate: (rows: number, columns: number) => Matrix,
    weights: Float32Array,
    rows: Uint32Array,
  ) {
    const mean = rows.reduce((sum, row) => sum + weights[row], 0) / rows.length;
    this.matrix = allocate(weights.length, 1);
    backend.write(this.matrix, weights.map((weight) => weight / mean));
  }

  /** Scales a batch's gradient, and its losses, which begin at `start`. */
  scale(dLogits: Matrix, losses: Matrix, order: RowIndices, start: number): void {
    const { backend, matrix } = this;
    backend.scaleRows(dLogits, dLogits, matrix, order, start);
    if (this.#viewed !== losses) this.#views.clear();
    this.#viewed = losses;
    let view = this.#views.get(start);
    if (view?.rows !== dLogits.rows) {
      this.#views.set(start, view = backend.view(losses, start, dLogits.rows));
    }
    backend.scaleRows(view, view, matrix, order, start);
  }
}

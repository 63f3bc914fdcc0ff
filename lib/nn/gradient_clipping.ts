/** Gradients that are together too long are made shorter, all by one factor, so that a step keeps its direction. */
import type { Backend, Matrix } from "../backend/mod.ts";
import type { Parameter } from "./optimizers.ts";
import { ownerOf } from "./owned_buffers.ts";

/**
 * Holds what the norm of all gradients takes on the back end; nothing of it is read back. The sum of squares of each row
 * of each gradient is one number, and they are added in order, so the bits do not depend on threads.
 */
export class GradientClipping implements Disposable {
  readonly #owned: DisposableStack;
  /** A number for each row of each gradient. */
  readonly #sums: Matrix;
  /** 1 x 1. */
  readonly #scale: Matrix;

  /** @param maxNorm what the norm is to be at most, above 0 */
  constructor(
    readonly backend: Backend,
    readonly parameters: readonly Parameter[],
    readonly maxNorm: number,
  ) {
    // Frees what there is where memory ends half-way.
    using owned = new DisposableStack();
    const own = ownerOf(owned, backend);
    const rows = parameters.reduce((sum, { gradient }) => sum + gradient.rows, 0);
    this.#sums = own(backend.allocate(rows, 1));
    this.#scale = own(backend.allocate(1, 1));
    this.#owned = owned.move();
  }

  /** What the gradients as they are now have to be multiplied by: 1 x 1, the same matrix each time. */
  scale(): Matrix {
    let start = 0;
    for (const { gradient } of this.parameters) {
      this.backend.rowSquares(this.#sums, gradient, start);
      start += gradient.rows;
    }
    this.backend.clipScale(this.#scale, this.#sums, this.maxNorm);
    return this.#scale;
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

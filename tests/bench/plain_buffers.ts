/** Buffers to time kernels in, aligned as training has them; the calls are those of the conformance tests' rig. */
import type { Backend, ByteMatrix, Matrix, RowIndices } from "../../lib/backend/mod.ts";

export class PlainBuffers implements Disposable {
  readonly #buffers = new DisposableStack();

  constructor(readonly backend: Backend) {}

  matrix(rows: number, columns: number, values: ArrayLike<number>): Matrix {
    const matrix = this.output(rows, columns);
    this.backend.write(matrix, Float32Array.from(values));
    return matrix;
  }

  output(rows: number, columns: number): Matrix {
    return this.#own(this.backend.allocate(rows, columns));
  }

  bytes(rows: number, columns: number, values: ArrayLike<number>): ByteMatrix {
    const matrix = this.byteOutput(rows, columns);
    this.backend.write(matrix, values instanceof Uint8Array ? values : Uint8Array.from(values));
    return matrix;
  }

  byteOutput(rows: number, columns: number): ByteMatrix {
    return this.#own(this.backend.allocateBytes(rows, columns));
  }

  order(rows: readonly number[]): RowIndices {
    const order = this.#own(this.backend.allocateOrder(rows.length));
    this.backend.writeOrder(order, Uint32Array.from(rows));
    return order;
  }

  [Symbol.dispose](): void {
    this.#buffers.dispose();
  }

  #own<T extends Matrix | ByteMatrix | RowIndices>(buffer: T): T {
    return this.#buffers.adopt(buffer, () => this.backend.release(buffer));
  }
}

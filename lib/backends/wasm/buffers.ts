/** Buffers in the linear memory of the kernels. */
import type { BufferTypes } from "../../backend/matrices.ts";

/** Bytes of an element. */
export const SIZES = { float32: 4, uint8: 1, uint32: 4 } as const;

type Element = keyof typeof SIZES;

/** Elements of a buffer in linear memory; `at` is its byte offset. */
export class Placed<E extends Element = "float32"> {
  readonly rowBytes: number;
  readonly allocation: object;

  constructor(
    readonly element: E,
    readonly at: number,
    readonly rows: number,
    readonly columns: number,
    readonly firstRow = 0,
    allocation?: object,
  ) {
    this.rowBytes = columns * SIZES[element];
    this.allocation = allocation ?? this;
  }

  get length(): number {
    return this.rows * this.columns;
  }

  get isView(): boolean {
    return this.allocation !== this;
  }

  view(firstRow: number, rows: number): Placed<E> {
    const { element, at, columns, rowBytes, allocation } = this;
    const first = this.firstRow + firstRow;
    return new Placed(element, at + firstRow * rowBytes, rows, columns, first, allocation);
  }
}

export interface WasmBuffers extends BufferTypes {
  matrix: Placed;
  bytes: Placed<"uint8">;
  order: Placed<"uint32">;
}

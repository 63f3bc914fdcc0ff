/** The memory of the reference back end: arrays of JavaScript. */
import type { BufferTypes } from "../../backend/matrices.ts";
import type { Device, Kernels } from "../../backend/backend.ts";
import type { ByteMatrix, ElementsOf, Matrix, RowIndices } from "../../backend/matrices.ts";

export class ReferenceMatrix implements Matrix {
  readonly element = "float32";
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly data: Float32Array,
    readonly firstRow = 0,
  ) {}
  get allocation(): object {
    return this.data.buffer;
  }
}

/** Numbers of a block, which count as separate from it. */
class ReferencePart extends ReferenceMatrix {
  override get allocation(): object {
    return this;
  }
}

class ReferenceBytes implements ByteMatrix {
  readonly element = "uint8";
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly data: Uint8Array,
    readonly firstRow = 0,
  ) {}
  get allocation(): object {
    return this.data.buffer;
  }
}

export class ReferenceOrder implements RowIndices {
  constructor(readonly data: Uint32Array) {}
  get length(): number {
    return this.data.length;
  }
}

export interface ReferenceBuffers extends BufferTypes {
  matrix: ReferenceMatrix;
  bytes: ReferenceBytes;
  order: ReferenceOrder;
}

/** Some of the kernels, on the reference's buffers. */
export type ReferenceKernels<Names extends keyof Kernels> = Pick<Kernels<ReferenceBuffers>, Names>;

type AnyMatrix = ReferenceMatrix | ReferenceBytes;

export const memory: Device = {
  description: { backend: "reference", threads: 1, simd: null, adapter: null },
  allocate: (rows, columns) => new ReferenceMatrix(rows, columns, new Float32Array(rows * columns)),
  allocateBytes: (rows, columns) =>
    new ReferenceBytes(rows, columns, new Uint8Array(rows * columns)),
  allocateOrder: (length) => new ReferenceOrder(new Uint32Array(length)),
  view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M {
    const { columns, data, firstRow: first } = matrix as unknown as AnyMatrix;
    const [from, to] = [firstRow * columns, (firstRow + rows) * columns];
    const view = data instanceof Uint8Array
      ? new ReferenceBytes(rows, columns, data.subarray(from, to), first + firstRow)
      : new ReferenceMatrix(rows, columns, data.subarray(from, to), first + firstRow);
    return view as unknown as M;
  },
  part(block, first, rows, columns) {
    const { data } = block as ReferenceMatrix;
    return new ReferencePart(rows, columns, data.subarray(first, first + rows * columns));
  },
  numbersOf: (matrix) => (matrix as ReferenceMatrix).data,
  write(matrix, values) {
    (matrix as unknown as AnyMatrix).data.set(values);
  },
  writeOrder(order, rows) {
    (order as ReferenceOrder).data.set(rows);
  },
  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>> {
    return Promise.resolve((matrix as unknown as AnyMatrix).data.slice() as ElementsOf<M>);
  },
  settle: () => Promise.resolve(),
  /** Memory is the garbage collector's. */
  release() {},
  [Symbol.dispose]() {},
};

/** Buffers in a back end's memory. Only the back end that made one can look inside. */

/** Which part of the memory a matrix is: of views on one allocation, some overlap. */
export interface Placed {
  /** The same object for all views of one allocation. */
  readonly allocation: object;
  /** Rows of the allocation before its first. */
  readonly firstRow: number;
}

/** Row-major float32. */
export interface Matrix extends Placed {
  /** What it holds. */
  readonly element: "float32";
  /** How many there are. */
  readonly rows: number;
  /** Elements of a row. */
  readonly columns: number;
}

/** Row-major bytes: pixels of a data set (N x I) or a batch (B x I), or labels (N x 1). */
export interface ByteMatrix extends Placed {
  /** What it holds. */
  readonly element: "uint8";
  /** How many there are. */
  readonly rows: number;
  /** Elements of a row. */
  readonly columns: number;
}

/** Row numbers (uint32): the order in which a data set's rows are met. */
export interface RowIndices {
  /** How many there are. */
  readonly length: number;
}

/** The elements of `M` in JavaScript. */
export type ElementsOf<
  M extends Matrix | ByteMatrix,
  Memory extends ArrayBufferLike = ArrayBuffer,
> = M extends ByteMatrix ? Uint8Array<Memory> : Float32Array<Memory>;

/** The types of buffers of a back end. */
export interface BufferTypes {
  /** Of float32. */
  matrix: Matrix;
  /** Of bytes. */
  bytes: ByteMatrix;
  /** Of row numbers. */
  order: RowIndices;
}

/**
 * The contract that every back end meets: buffers and kernels, and nothing above them. Layers, optimizers and the
 * training loop are written once, against this page.
 *
 * - A kernel's outputs come first. The caller allocates them; a kernel overwrites them without reading them, except where
 *   its description says otherwise.
 * - Calls may queue but take effect in order. Only `read`, `settle` and `takeDeviceMs` wait.
 * - Where a device fails, the next call or wait throws a DeviceError, and so does every one after it.
 * - Nothing is allocated per call; views and options are made once and used again.
 * - Shapes are checked by the wrapper that `createBackend` puts around every implementation.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O outputs (classes), N rows of a data set.
 */

/** Row-major float32 in the back end's memory. */
export interface Matrix {
  readonly element: "float32";
  readonly rows: number;
  readonly columns: number;
}

/** Row-major bytes in the back end's memory: pixels of a data set (N x I) or a batch (B x I), or labels (N x 1). */
export interface ByteMatrix {
  readonly element: "uint8";
  readonly rows: number;
  readonly columns: number;
}

/** Row numbers (uint32) in the back end's memory: the order in which a data set's rows are met. */
export interface RowOrder {
  readonly length: number;
}

/** What the elements of `M` are in JavaScript. */
export type ElementsOf<
  M extends Matrix | ByteMatrix,
  Memory extends ArrayBufferLike = ArrayBuffer,
> = M extends ByteMatrix ? Uint8Array<Memory> : Float32Array<Memory>;

/** How a product takes its operands; all false where left out. */
export interface GemmOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Adds the product to `c`, which is then read, instead of overwriting it. */
  readonly accumulate?: boolean;
  /** Multiplies the product; 1 where left out. Back ends may multiply `b` by it instead. */
  readonly alpha?: number;
}

/** What ran, for the log. */
export interface BackendDescription {
  readonly backend: "reference" | "wasm" | "webgpu";
  /** Threads that compute, the calling one included. */
  readonly threads: number;
  /** Build of the WebAssembly kernels; null where there are none. */
  readonly simd: "strict" | "relaxed" | null;
  /** Name of the GPU adapter; null where there is none. */
  readonly adapter: string | null;
}

export interface Backend extends Disposable {
  readonly description: BackendDescription;

  /** A matrix of zeros. */
  allocate(rows: number, columns: number): Matrix;
  /** Bytes, all zero. */
  allocateBytes(rows: number, columns: number): ByteMatrix;
  /** Row numbers, all zero. */
  allocateOrder(length: number): RowOrder;
  /** Rows `firstRow` to `firstRow + rows` of `matrix`, sharing its memory. */
  view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M;
  /** Copies row-major `values` into `matrix`. */
  write<M extends Matrix | ByteMatrix>(matrix: M, values: ElementsOf<M, ArrayBufferLike>): void;
  writeOrder(order: RowOrder, rows: Uint32Array): void;
  /** A copy of `matrix`, row-major, once everything queued before has run. */
  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
  /** Resolves when everything queued so far has run. */
  settle(): Promise<void>;
  /**
   * Milliseconds that a device of its own computed since the last call; null where it cannot tell. Only back ends that
   * queue calls for such a device have this.
   */
  takeDeviceMs?(): Promise<number | null>;
  /**
   * Frees a buffer of `allocate`, `allocateBytes` or `allocateOrder`; its views are void with it. Throws where it is a view
   * or was released before; does nothing once the back end has been disposed of.
   */
  release(buffer: Matrix | ByteMatrix | RowOrder): void;

  /** x[i, :] = data[order[start + i], :]. x: B x I; data: N x I. */
  gather(x: ByteMatrix, data: ByteMatrix, order: RowOrder, start: number): void;

  /**
   * As `gather`, with the pixels of each row in another order: x[i, j] = data[row, sources[t I + j]], or 0 where that source
   * is I or more, with row = order[start + i]. Which of the T tables a row goes through is t = mix(mix(row) + key) mod T, where
   * mix is the 32-bit hash of the reference: the same on every back end, wherever in a batch the row is.
   *
   * sources: T I long; key: a whole number from 0 to 2^32 - 1.
   */
  gatherTransformed(
    x: ByteMatrix,
    data: ByteMatrix,
    order: RowOrder,
    start: number,
    sources: RowOrder,
    key: number,
  ): void;

  /**
   * c = alpha op(a) op(b), or c += alpha op(a) op(b). op(a): M x K, op(b): K x N, c: M x N; c is neither a nor b. Bytes
   * count as the numbers from 0 to 255.
   */
  gemm(c: Matrix, a: Matrix | ByteMatrix, b: Matrix, options?: GemmOptions): void;

  /** y[i, :] = x[i, :] + bias. bias: 1 x O. y may be x. */
  addBias(y: Matrix, x: Matrix, bias: Matrix): void;

  /** y = 1 / (1 + e^-x). y may be x; likewise for the other activations. */
  sigmoidForward(y: Matrix, x: Matrix): void;
  /** dx = dy y (1 - y), y being the forward result. dx may be dy; likewise for the other activations. */
  sigmoidBackward(dx: Matrix, dy: Matrix, y: Matrix): void;
  /** y = max(x, 0). */
  reluForward(y: Matrix, x: Matrix): void;
  /** dx = dy where y > 0, else 0. */
  reluBackward(dx: Matrix, dy: Matrix, y: Matrix): void;
  /** y = tanh(x). */
  tanhForward(y: Matrix, x: Matrix): void;
  /** dx = dy (1 - y^2). */
  tanhBackward(dx: Matrix, dy: Matrix, y: Matrix): void;

  /** p[i, :] = softmax(logits[i, :]), stable for logits of any size. p may be logits. */
  softmax(p: Matrix, logits: Matrix): void;

  /**
   * Loss of each row and gradient of their mean, from the logits. With y = labels[order[start + i]]:
   *
   *     losses[start + i] = min(-ln softmax(logits[i, :])[y], -ln 1e-10)         nats
   *     dLogits[i, :]     = (softmax(logits[i, :]) - onehot(y)) / B
   *
   * dLogits, logits: B x O, dLogits may be logits; losses: (start + B or more) x 1; labels: N x 1, each below O.
   */
  softmaxCrossEntropy(
    dLogits: Matrix,
    losses: Matrix,
    logits: Matrix,
    labels: ByteMatrix,
    order: RowOrder,
    start: number,
  ): void;

  /** classes[start + i] = column of the largest of logits[i, :], the first of equals. classes: (start + B or more) x 1. */
  argmax(classes: Matrix, logits: Matrix, start: number): void;

  /** count[0, 0] = number of i with classes[i] = labels[order[i]]. count: 1 x 1; classes: M x 1, M <= order.length. */
  countCorrect(count: Matrix, classes: Matrix, labels: ByteMatrix, order: RowOrder): void;

  /** sums[0, j] = sum over i of x[i, j]. sums: 1 x O. */
  columnSums(sums: Matrix, x: Matrix): void;

  /**
   * w -= learningRate (dw + l1 sign(w) + l2 w), compensated: w and residual are read and written, and what a step is too
   * small to change in w stays in residual for the next. All three have one shape; residual starts as zeros.
   */
  sgd(
    w: Matrix,
    residual: Matrix,
    dw: Matrix,
    learningRate: number,
    l1: number,
    l2: number,
  ): void;
}

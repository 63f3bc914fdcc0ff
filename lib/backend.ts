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

/** A batch's share of the penalties l1 sum|w| + l2 / 2 sum w^2, in an update. */
export interface PenaltyShares {
  readonly l1: number;
  readonly l2: number;
}

/** The numbers of an update; see the kernel of that name. They are read during the call only. */
export interface MomentumStep extends PenaltyShares {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

export interface AdamStep extends PenaltyShares {
  /** The learning rate, corrected for the zeros that the mean began with. */
  readonly stepSize: number;
  /** What the root of `square` is multiplied by for the same reason. */
  readonly correction: number;
  /** 1 - beta1 and 1 - beta2, from float64: a beta next to 1 has lost digits in float32. */
  readonly rate1: number;
  readonly rate2: number;
  readonly epsilon: number;
  /** What of w is taken away, apart from its gradient. */
  readonly decay: number;
}

export interface RmspropStep extends PenaltyShares {
  readonly learningRate: number;
  /** 1 - alpha. */
  readonly rate: number;
  readonly epsilon: number;
}

/**
 * What a cross-entropy aims at besides the labels, as PyTorch's CrossEntropyLoss(weight, label_smoothing) has it. With s the
 * smoothing, w the weights, y a row's label: t_c = (1 - s) w_y [c = y] + s w_c / O.
 */
export interface CrossEntropyTargets {
  /** Share of a label that is spread over all classes, its own among them. 0 to 1. */
  readonly smoothing: number;
  /** 1 x O, above 0: what a row of each class counts. */
  readonly classWeights: Matrix;
  /** 1 x 1: what the batch's rows count together, as `sumClassWeights` leaves it. */
  readonly weightSum: Matrix;
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
  /** y = x where x > 0, else 0.01 x. */
  leakyReluForward(y: Matrix, x: Matrix): void;
  /** dx = dy where y > 0, else 0.01 dy. */
  leakyReluBackward(dx: Matrix, dy: Matrix, y: Matrix): void;
  /** y = x Phi(x), Phi being the standard normal distribution function. */
  geluForward(y: Matrix, x: Matrix): void;
  /** dx = dy (Phi(x) + x phi(x)), phi being the density: from the input, which the output does not tell. */
  geluBackward(dx: Matrix, dy: Matrix, x: Matrix): void;

  /** p[i, :] = softmax(logits[i, :]), stable for logits of any size. p may be logits. */
  softmax(p: Matrix, logits: Matrix): void;

  /**
   * Loss of each row and gradient of their mean, from the logits. With y = labels[order[start + i]]:
   *
   *     losses[start + i] = min(-ln softmax(logits[i, :])[y], -ln 1e-10)         nats
   *     dLogits[i, :]     = (softmax(logits[i, :]) - onehot(y)) / B
   *
   * dLogits, logits: B x O, dLogits may be logits; losses: (start + B or more) x 1; labels: N x 1, each below O. With
   * `targets` and their t:
   *
   *     losses[start + i] = min(-sum_c t_c ln softmax(logits[i, :])[c], -ln 1e-10 sum_c t_c)
   *     dLogits[i, :]     = (softmax(logits[i, :]) sum_c t_c - t) / weightSum
   */
  softmaxCrossEntropy(
    dLogits: Matrix,
    losses: Matrix,
    logits: Matrix,
    labels: ByteMatrix,
    order: RowOrder,
    start: number,
    targets?: CrossEntropyTargets,
  ): void;

  /**
   * sum[0, 0] = the sum over i below `rows` of classWeights[0, labels[order[start + i]]]. sum: 1 x 1; classWeights: 1 x O;
   * labels: N x 1, each below O.
   */
  sumClassWeights(
    sum: Matrix,
    classWeights: Matrix,
    labels: ByteMatrix,
    order: RowOrder,
    start: number,
    rows: number,
  ): void;

  /**
   * y[i, j] = x[i, j] / (1 - rate), or 0 where the element is dropped: where
   *
   *     mix(mix((i columns + j) xor keyA) + keyB) < floor(rate 2^32)
   *
   * in arithmetic modulo 2^32, mix being MurmurHash3's finaliser. The same elements on every back end. y may be x;
   * 0 <= rate < 1; keys: 0 to 2^32 - 1.
   */
  dropout(y: Matrix, x: Matrix, rate: number, keyA: number, keyB: number): void;

  /**
   * Batch normalisation of every column, with the mean and the variance of its B >= 2 rows, and the running ones:
   *
   *     statistics = [mean; 1 / sqrt(variance + epsilon)]          variance = sum (x - mean)^2 / B
   *     y[i, :]    = (x[i, :] - mean) / sqrt(variance + epsilon) * weight + bias
   *     running   += momentum ([mean; variance B / (B - 1)] - running)
   *
   * y, x: B x O, y not x; statistics: 2 x O; running: 2 x O, read and written; weight, bias: 1 x O.
   */
  batchNormForward(
    y: Matrix,
    statistics: Matrix,
    running: Matrix,
    x: Matrix,
    weight: Matrix,
    bias: Matrix,
    momentum: number,
    epsilon: number,
  ): void;
  /**
   * With n = (x - mean) / sqrt(variance + epsilon), from the statistics of the forward pass, and sums over rows:
   *
   *     dweight = sum dy n      dbias = sum dy
   *     dx      = (dy - dbias / B - n dweight / B) weight / sqrt(variance + epsilon)
   *
   * dx may be dy.
   */
  batchNormBackward(
    dx: Matrix,
    dweight: Matrix,
    dbias: Matrix,
    dy: Matrix,
    x: Matrix,
    statistics: Matrix,
    weight: Matrix,
  ): void;

  /** classes[start + i] = column of the largest of logits[i, :], the first of equals. classes: (start + B or more) x 1. */
  argmax(classes: Matrix, logits: Matrix, start: number): void;

  /** count[0, 0] = number of i with classes[i] = labels[order[i]]. count: 1 x 1; classes: M x 1, M <= order.length. */
  countCorrect(count: Matrix, classes: Matrix, labels: ByteMatrix, order: RowOrder): void;

  /** sums[0, j] = sum over i of x[i, j]. sums: 1 x O. */
  columnSums(sums: Matrix, x: Matrix): void;

  // Updates of a tensor by its gradient, one kernel each. All their matrices have one shape, but for `scale`: 1 x 1, what
  // dw is multiplied by; 1 where null or left out. In what follows
  //
  //     gradient = scale dw + l1 sign(w) + l2 w

  /**
   * w -= learningRate gradient, compensated: w and residual are read and written, and what a step is too small to change
   * in w stays in residual for the next. residual starts as zeros.
   */
  sgd(
    w: Matrix,
    residual: Matrix,
    dw: Matrix,
    learningRate: number,
    l1: number,
    l2: number,
    scale?: Matrix | null,
  ): void;

  /**
   * velocity = momentum velocity + gradient, and then w -= learningRate velocity, or with `nesterov`
   * w -= learningRate (gradient + momentum velocity), compensated as in `sgd`. w, velocity and residual are read and
   * written; the last two start as zeros.
   */
  momentum(
    w: Matrix,
    velocity: Matrix,
    residual: Matrix,
    dw: Matrix,
    step: MomentumStep,
    scale?: Matrix | null,
  ): void;

  /**
   * mean += rate1 (gradient - mean); square += rate2 (gradient^2 - square);
   * w -= decay w + stepSize mean / (sqrt(square) correction + epsilon). w, mean and square are read and written; the last
   * two start as zeros.
   */
  adam(
    w: Matrix,
    mean: Matrix,
    square: Matrix,
    dw: Matrix,
    step: AdamStep,
    scale?: Matrix | null,
  ): void;

  /**
   * square += rate (gradient^2 - square); w -= learningRate gradient / (sqrt(square) + epsilon). w and square are read and
   * written; square starts as zeros.
   */
  rmsprop(w: Matrix, square: Matrix, dw: Matrix, step: RmspropStep, scale?: Matrix | null): void;

  /** sums[start + i] = sum over j of x[i, j]^2. sums: (start + rows of x, or more) x 1. */
  rowSquares(sums: Matrix, x: Matrix, start: number): void;

  /**
   * scale[0, 0] = min(1, maxNorm / (norm + 1e-6)), norm = sqrt(sum of sums); NaN where the norm is not finite. scale:
   * 1 x 1; sums: M x 1.
   */
  clipScale(scale: Matrix, sums: Matrix, maxNorm: number): void;
}

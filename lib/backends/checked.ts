/**
 * Wraps a back end so that every call's shapes are checked, once, here. Implementations check nothing: the WebAssembly
 * kernels would write beyond a buffer, the GPU's would quietly compute something else.
 */
import type { Backend, ByteMatrix, GemmOptions, Matrix, RowOrder } from "../backend.ts";

/** A call whose shapes do not fit: a defect in the code above the back end, not a user's mistake. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

type Shape = { readonly rows: number; readonly columns: number };

function shape({ rows, columns }: Shape): string {
  return `${rows} x ${columns}`;
}

function requireSize(what: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new ShapeError(`Cannot make ${what} ${size}: it must be a whole number of at least 1`);
  }
}

function requireShape(
  kernel: string,
  what: string,
  given: Shape,
  rows: number,
  columns: number,
): void {
  if (given.rows !== rows || given.columns !== columns) {
    throw new ShapeError(
      `Cannot ${kernel}: ${what} is ${shape(given)}, but must be ${shape({ rows, columns })}`,
    );
  }
}

/** Checks that elements `start` to `start + count` exist in `what`. */
function requireRange(kernel: string, what: string, length: number, start: number, count: number) {
  if (!Number.isSafeInteger(start) || start < 0 || start + count > length) {
    throw new ShapeError(
      `Cannot ${kernel}: rows ${start} to ${
        start + count
      } were asked of ${what}, which has ${length}`,
    );
  }
}

function requireLength(kernel: string, what: string, given: number, wanted: number): void {
  if (given !== wanted) {
    throw new ShapeError(
      `Cannot ${kernel}: ${given} values were given for ${what}, which has ${wanted}`,
    );
  }
}

/** Checks that what an update works on has the shape of w, and that its scale is a number. */
function requireUpdate(
  w: Shape,
  others: Readonly<Record<string, Shape>>,
  scale: Shape | null | undefined,
): void {
  for (const [what, matrix] of Object.entries(others)) {
    requireShape("update weights", what, matrix, w.rows, w.columns);
  }
  if (scale) requireShape("update weights", "the scale", scale, 1, 1);
}

/** @param whole whether 1 itself is one */
function requireFraction(kernel: string, what: string, value: number, whole: boolean): void {
  if (value >= 0 && (value < 1 || whole && value === 1)) return;
  const most = whole ? "at most 1" : "below 1";
  throw new ShapeError(`Cannot ${kernel}: ${what} is ${value}, but must be at least 0 and ${most}`);
}

/** One row has no variance. */
function requireRows(kernel: string, x: Shape): void {
  if (x.rows >= 2) return;
  throw new ShapeError(`Cannot ${kernel}: it has one row, and must have two at least`);
}

/** The same back end with every call's shapes checked. */
export function checked(inner: Backend): Backend {
  const elementwise = (kernel: "sigmoid" | "relu" | "tanh" | "leakyRelu" | "gelu") => ({
    [`${kernel}Forward`]: (y: Matrix, x: Matrix) => {
      requireShape(`apply ${kernel}`, "the output", y, x.rows, x.columns);
      inner[`${kernel}Forward`](y, x);
    },
    [`${kernel}Backward`]: (dx: Matrix, dy: Matrix, y: Matrix) => {
      requireShape(`take the gradient of ${kernel}`, "dy", dy, y.rows, y.columns);
      requireShape(`take the gradient of ${kernel}`, "dx", dx, y.rows, y.columns);
      inner[`${kernel}Backward`](dx, dy, y);
    },
  });
  return {
    description: inner.description,
    ...elementwise("sigmoid") as Pick<Backend, "sigmoidForward" | "sigmoidBackward">,
    ...elementwise("relu") as Pick<Backend, "reluForward" | "reluBackward">,
    ...elementwise("tanh") as Pick<Backend, "tanhForward" | "tanhBackward">,
    ...elementwise("leakyRelu") as Pick<Backend, "leakyReluForward" | "leakyReluBackward">,
    ...elementwise("gelu") as Pick<Backend, "geluForward" | "geluBackward">,

    allocate(rows, columns) {
      requireSize("a matrix with rows =", rows);
      requireSize("a matrix with columns =", columns);
      return inner.allocate(rows, columns);
    },
    allocateBytes(rows, columns) {
      requireSize("a byte matrix with rows =", rows);
      requireSize("a byte matrix with columns =", columns);
      return inner.allocateBytes(rows, columns);
    },
    allocateOrder(length) {
      requireSize("an order of length", length);
      return inner.allocateOrder(length);
    },
    view(matrix, firstRow, rows) {
      requireSize("a view with rows =", rows);
      requireRange("view", "a matrix", matrix.rows, firstRow, rows);
      return inner.view(matrix, firstRow, rows);
    },
    write(matrix, values) {
      requireLength(
        "write",
        `a ${shape(matrix)} matrix`,
        values.length,
        matrix.rows * matrix.columns,
      );
      inner.write(matrix, values);
    },
    writeOrder(order, rows) {
      requireLength("write", "an order", rows.length, order.length);
      inner.writeOrder(order, rows);
    },
    read: (matrix) => inner.read(matrix),
    settle: () => inner.settle(),
    ...(inner.takeDeviceMs ? { takeDeviceMs: () => inner.takeDeviceMs!() } : {}),
    release: (buffer) => inner.release(buffer),

    gather(x: ByteMatrix, data: ByteMatrix, order: RowOrder, start: number) {
      requireShape("gather a batch", "the output", x, x.rows, data.columns);
      requireRange("gather a batch", "the order", order.length, start, x.rows);
      inner.gather(x, data, order, start);
    },
    gatherTransformed(x, data, order, start, sources, key) {
      requireShape("gather a batch", "the output", x, x.rows, data.columns);
      requireRange("gather a batch", "the order", order.length, start, x.rows);
      if (sources.length % x.columns !== 0) {
        throw new ShapeError(
          `Cannot gather a batch: there are ${sources.length} sources, which is no multiple of ${x.columns} columns`,
        );
      }
      if (!Number.isInteger(key) || key < 0 || key > 0xffffffff) {
        throw new ShapeError(
          `Cannot gather a batch: the key is ${key}, but must be a whole number from 0 to ${0xffffffff}`,
        );
      }
      inner.gatherTransformed(x, data, order, start, sources, key);
    },
    gemm(c: Matrix, a: Matrix | ByteMatrix, b: Matrix, options: GemmOptions = {}) {
      const [m, depth] = options.transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
      const [bDepth, n] = options.transposeB ? [b.columns, b.rows] : [b.rows, b.columns];
      if (depth !== bDepth) {
        throw new ShapeError(
          `Cannot multiply ${shape({ rows: m, columns: depth })} by ${
            shape({ rows: bDepth, columns: n })
          }: the columns of the first are not the rows of the second`,
        );
      }
      requireShape("multiply", "the output", c, m, n);
      inner.gemm(c, a, b, options);
    },
    addBias(y, x, bias) {
      requireShape("add a bias", "the bias", bias, 1, x.columns);
      requireShape("add a bias", "the output", y, x.rows, x.columns);
      inner.addBias(y, x, bias);
    },
    softmax(p, logits) {
      requireShape("take the softmax", "the output", p, logits.rows, logits.columns);
      inner.softmax(p, logits);
    },
    softmaxCrossEntropy(dLogits, losses, logits, labels, order, start, targets) {
      const kernel = "take the cross-entropy";
      requireShape(kernel, "the gradient", dLogits, logits.rows, logits.columns);
      requireShape(kernel, "the loss", losses, losses.rows, 1);
      requireShape(kernel, "the label matrix", labels, labels.rows, 1);
      requireRange(kernel, "the losses", losses.rows, start, logits.rows);
      requireRange(kernel, "the order", order.length, start, logits.rows);
      if (targets) {
        requireShape(kernel, "the class weight matrix", targets.classWeights, 1, logits.columns);
        requireShape(kernel, "the sum of weights", targets.weightSum, 1, 1);
        requireFraction(kernel, "the smoothing", targets.smoothing, true);
      }
      inner.softmaxCrossEntropy(dLogits, losses, logits, labels, order, start, targets);
    },
    sumClassWeights(sum, classWeights, labels, order, start, rows) {
      requireShape("sum class weights", "the output", sum, 1, 1);
      requireShape("sum class weights", "the weight matrix", classWeights, 1, classWeights.columns);
      requireShape("sum class weights", "the label matrix", labels, labels.rows, 1);
      requireSize("a sum of class weights with rows =", rows);
      requireRange("sum class weights", "the order", order.length, start, rows);
      inner.sumClassWeights(sum, classWeights, labels, order, start, rows);
    },
    dropout(y, x, rate, keyA, keyB) {
      requireShape("drop out", "the output", y, x.rows, x.columns);
      requireFraction("drop out", "the rate", rate, false);
      inner.dropout(y, x, rate, keyA, keyB);
    },
    batchNormForward(y, statistics, running, x, weight, bias, momentum, epsilon) {
      const kernel = "normalise a batch";
      requireRows(kernel, x);
      requireShape(kernel, "the output", y, x.rows, x.columns);
      requireShape(kernel, "the matrix of statistics", statistics, 2, x.columns);
      requireShape(kernel, "the matrix of running statistics", running, 2, x.columns);
      requireShape(kernel, "the weight", weight, 1, x.columns);
      requireShape(kernel, "the bias", bias, 1, x.columns);
      inner.batchNormForward(y, statistics, running, x, weight, bias, momentum, epsilon);
    },
    batchNormBackward(dx, dweight, dbias, dy, x, statistics, weight) {
      const kernel = "take the gradient of batch normalisation";
      requireRows(kernel, x);
      requireShape(kernel, "dx", dx, x.rows, x.columns);
      requireShape(kernel, "dweight", dweight, 1, x.columns);
      requireShape(kernel, "dbias", dbias, 1, x.columns);
      requireShape(kernel, "dy", dy, x.rows, x.columns);
      requireShape(kernel, "the matrix of statistics", statistics, 2, x.columns);
      requireShape(kernel, "the weight", weight, 1, x.columns);
      inner.batchNormBackward(dx, dweight, dbias, dy, x, statistics, weight);
    },
    argmax(classes, logits, start) {
      requireShape("take the argmax", "the output", classes, classes.rows, 1);
      requireRange("take the argmax", "the output", classes.rows, start, logits.rows);
      inner.argmax(classes, logits, start);
    },
    countCorrect(count, classes, labels, order) {
      requireShape("count", "the output", count, 1, 1);
      requireShape("count", "the class matrix", classes, classes.rows, 1);
      requireShape("count", "the label matrix", labels, labels.rows, 1);
      requireRange("count", "the order", order.length, 0, classes.rows);
      inner.countCorrect(count, classes, labels, order);
    },
    columnSums(sums, x) {
      requireShape("sum columns", "the output", sums, 1, x.columns);
      inner.columnSums(sums, x);
    },
    sgd(w, residual, dw, learningRate, l1, l2, scale) {
      requireUpdate(w, { "the residual": residual, "the gradient": dw }, scale);
      inner.sgd(w, residual, dw, learningRate, l1, l2, scale);
    },
    momentum(w, velocity, residual, dw, step, scale) {
      const others = { "the velocity": velocity, "the residual": residual, "the gradient": dw };
      requireUpdate(w, others, scale);
      inner.momentum(w, velocity, residual, dw, step, scale);
    },
    adam(w, mean, square, dw, step, scale) {
      const others = { "the mean": mean, "the mean square": square, "the gradient": dw };
      requireUpdate(w, others, scale);
      inner.adam(w, mean, square, dw, step, scale);
    },
    rmsprop(w, square, dw, step, scale) {
      requireUpdate(w, { "the mean square": square, "the gradient": dw }, scale);
      inner.rmsprop(w, square, dw, step, scale);
    },
    rowSquares(sums, x, start) {
      requireShape("sum squares", "the output", sums, sums.rows, 1);
      requireRange("sum squares", "the output", sums.rows, start, x.rows);
      inner.rowSquares(sums, x, start);
    },
    clipScale(scale, sums, maxNorm) {
      requireShape("clip gradients", "the output", scale, 1, 1);
      requireShape("clip gradients", "the sum matrix", sums, sums.rows, 1);
      inner.clipScale(scale, sums, maxNorm);
    },
    [Symbol.dispose]: () => inner[Symbol.dispose](),
  };
}

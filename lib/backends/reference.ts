/**
 * The definition of every kernel: plain loops, sums in float64, results rounded once to float32. Slow, and the oracle of
 * every test.
 */
import type {
  AdamStep,
  Backend,
  BackendDescription,
  ByteMatrix,
  CrossEntropyTargets,
  ElementsOf,
  GemmOptions,
  Matrix,
  MomentumStep,
  PenaltyShares,
  RmspropStep,
  RowOrder,
} from "../backend.ts";
import { dropoutHash } from "./reference/dropout_hash.ts";
import { normalDensity, normalDistribution } from "./reference/normal_distribution.ts";

class ReferenceMatrix implements Matrix {
  readonly element = "float32";
  constructor(readonly rows: number, readonly columns: number, readonly data: Float32Array) {}
}

class ReferenceBytes implements ByteMatrix {
  readonly element = "uint8";
  constructor(readonly rows: number, readonly columns: number, readonly data: Uint8Array) {}
}

class ReferenceOrder implements RowOrder {
  constructor(readonly data: Uint32Array) {}
  get length(): number {
    return this.data.length;
  }
}

/** -ln 1e-10: a probability is taken for at least 1e-10 in the loss. */
const LARGEST_LOSS = -Math.log(1e-10);

export class ReferenceBackend implements Backend {
  readonly description: BackendDescription = {
    backend: "reference",
    threads: 1,
    simd: null,
    adapter: null,
  };

  allocate(rows: number, columns: number): ReferenceMatrix {
    return new ReferenceMatrix(rows, columns, new Float32Array(rows * columns));
  }

  allocateBytes(rows: number, columns: number): ReferenceBytes {
    return new ReferenceBytes(rows, columns, new Uint8Array(rows * columns));
  }

  allocateOrder(length: number): ReferenceOrder {
    return new ReferenceOrder(new Uint32Array(length));
  }

  view<M extends Matrix | ByteMatrix>(matrix: M, firstRow: number, rows: number): M;
  view(
    { columns, data }: ReferenceMatrix | ReferenceBytes,
    firstRow: number,
    rows: number,
  ): ReferenceMatrix | ReferenceBytes {
    const [from, to] = [firstRow * columns, (firstRow + rows) * columns];
    return data instanceof Uint8Array
      ? new ReferenceBytes(rows, columns, data.subarray(from, to))
      : new ReferenceMatrix(rows, columns, data.subarray(from, to));
  }

  write<M extends Matrix | ByteMatrix>(matrix: M, values: ElementsOf<M, ArrayBufferLike>): void;
  write(matrix: ReferenceMatrix | ReferenceBytes, values: Float32Array | Uint8Array): void {
    matrix.data.set(values);
  }

  writeOrder(order: ReferenceOrder, rows: Uint32Array): void {
    order.data.set(rows);
  }

  read<M extends Matrix | ByteMatrix>(matrix: M): Promise<ElementsOf<M>>;
  read({ data }: ReferenceMatrix | ReferenceBytes): Promise<Float32Array | Uint8Array> {
    return Promise.resolve(data.slice());
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** Memory is the garbage collector's. */
  release(): void {}

  gather(
    x: ReferenceBytes,
    data: ReferenceBytes,
    order: ReferenceOrder,
    start: number,
  ): void {
    for (let i = 0; i < x.rows; i++) {
      const row = order.data[start + i] * x.columns;
      for (let j = 0; j < x.columns; j++) x.data[i * x.columns + j] = data.data[row + j];
    }
  }

  gatherTransformed(
    x: ReferenceBytes,
    data: ReferenceBytes,
    order: ReferenceOrder,
    start: number,
    sources: ReferenceOrder,
    key: number,
  ): void {
    const { rows, columns } = x;
    for (let i = 0; i < rows; i++) {
      const row = order.data[start + i];
      const table = mix((mix(row) + key) >>> 0) % (sources.length / columns);
      for (let j = 0; j < columns; j++) {
        const source = sources.data[table * columns + j];
        x.data[i * columns + j] = source < columns ? data.data[row * columns + source] : 0;
      }
    }
  }

  gemm(
    c: ReferenceMatrix,
    a: ReferenceMatrix | ReferenceBytes,
    b: ReferenceMatrix,
    options: GemmOptions = {},
  ): void {
    const { transposeA = false, transposeB = false, accumulate = false, alpha = 1 } = options;
    const depth = transposeA ? a.rows : a.columns;
    const [aRow, aStep] = transposeA ? [1, a.columns] : [a.columns, 1];
    const [bStep, bColumn] = transposeB ? [1, b.columns] : [b.columns, 1];
    for (let i = 0; i < c.rows; i++) {
      for (let j = 0; j < c.columns; j++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum += a.data[i * aRow + k * aStep] * b.data[k * bStep + j * bColumn];
        }
        c.data[i * c.columns + j] = alpha * sum + (accumulate ? c.data[i * c.columns + j] : 0);
      }
    }
  }

  addBias(y: ReferenceMatrix, x: ReferenceMatrix, bias: ReferenceMatrix): void {
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i] + bias.data[i % y.columns];
  }

  sigmoidForward(y: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let i = 0; i < y.data.length; i++) {
      // Both forms are exact; each avoids the overflow of the other.
      const e = Math.exp(-Math.abs(x.data[i]));
      y.data[i] = x.data[i] < 0 ? e / (1 + e) : 1 / (1 + e);
    }
  }

  sigmoidBackward(dx: ReferenceMatrix, dy: ReferenceMatrix, y: ReferenceMatrix): void {
    for (let i = 0; i < dx.data.length; i++) dx.data[i] = dy.data[i] * y.data[i] * (1 - y.data[i]);
  }

  reluForward(y: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.max(x.data[i], 0);
  }

  reluBackward(dx: ReferenceMatrix, dy: ReferenceMatrix, y: ReferenceMatrix): void {
    for (let i = 0; i < dx.data.length; i++) dx.data[i] = y.data[i] > 0 ? dy.data[i] : 0;
  }

  tanhForward(y: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let i = 0; i < y.data.length; i++) y.data[i] = Math.tanh(x.data[i]);
  }

  tanhBackward(dx: ReferenceMatrix, dy: ReferenceMatrix, y: ReferenceMatrix): void {
    for (let i = 0; i < dx.data.length; i++) dx.data[i] = dy.data[i] * (1 - y.data[i] ** 2);
  }

  leakyReluForward(y: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let i = 0; i < y.data.length; i++) y.data[i] = leaky(x.data[i], x.data[i]);
  }

  leakyReluBackward(dx: ReferenceMatrix, dy: ReferenceMatrix, y: ReferenceMatrix): void {
    for (let i = 0; i < dx.data.length; i++) dx.data[i] = leaky(dy.data[i], y.data[i]);
  }

  geluForward(y: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let i = 0; i < y.data.length; i++) y.data[i] = gelu(x.data[i]);
  }

  geluBackward(dx: ReferenceMatrix, dy: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let i = 0; i < dx.data.length; i++) dx.data[i] = dy.data[i] * geluSlope(x.data[i]);
  }

  softmax(p: ReferenceMatrix, logits: ReferenceMatrix): void {
    for (let i = 0; i < p.rows; i++) {
      const { exponentials, sum } = rowExponentials(logits, i);
      exponentials.forEach((e, j) => p.data[i * p.columns + j] = e / sum);
    }
  }

  softmaxCrossEntropy(
    dLogits: ReferenceMatrix,
    losses: ReferenceMatrix,
    logits: ReferenceMatrix,
    labels: ReferenceBytes,
    order: ReferenceOrder,
    start: number,
    targets?: CrossEntropyTargets,
  ): void {
    const { rows, columns } = logits;
    if (targets) {
      return this.#weightedCrossEntropy(dLogits, losses, logits, labels, order, start, targets);
    }
    for (let i = 0; i < rows; i++) {
      const { exponentials, sum, maximum } = rowExponentials(logits, i);
      const label = labels.data[order.data[start + i]];
      const margin = logits.data[i * columns + label] - maximum;
      losses.data[start + i] = Math.min(Math.log(sum) - margin, LARGEST_LOSS);
      exponentials.forEach((e, j) => {
        dLogits.data[i * columns + j] = (e / sum - (j === label ? 1 : 0)) / rows;
      });
    }
  }

  #weightedCrossEntropy(
    dLogits: ReferenceMatrix,
    losses: ReferenceMatrix,
    logits: ReferenceMatrix,
    labels: ReferenceBytes,
    order: ReferenceOrder,
    start: number,
    targets: CrossEntropyTargets,
  ): void {
    const { rows, columns } = logits;
    const { smoothing } = targets;
    const [weights, [weightSum]] = [targets.classWeights, targets.weightSum]
      .map((matrix) => (matrix as ReferenceMatrix).data);
    for (let i = 0; i < rows; i++) {
      const { exponentials, sum, maximum } = rowExponentials(logits, i);
      const label = labels.data[order.data[start + i]];
      const t = Array.from(
        weights,
        (weight, c) => smoothing * weight / columns + (c === label ? (1 - smoothing) * weight : 0),
      );
      const total = t.reduce((a, b) => a + b, 0);
      let loss = 0;
      t.forEach((t, c) => {
        const margin = logits.data[i * columns + c] - maximum;
        if (t > 0) loss += t * (Math.log(sum) - margin);
      });
      losses.data[start + i] = Math.min(loss, total * LARGEST_LOSS);
      exponentials.forEach((e, c) => {
        dLogits.data[i * columns + c] = (e / sum * total - t[c]) / weightSum;
      });
    }
  }

  sumClassWeights(
    sum: ReferenceMatrix,
    classWeights: ReferenceMatrix,
    labels: ReferenceBytes,
    order: ReferenceOrder,
    start: number,
    rows: number,
  ): void {
    let total = 0;
    for (let i = 0; i < rows; i++) total += classWeights.data[labels.data[order.data[start + i]]];
    sum.data[0] = total;
  }

  dropout(
    y: ReferenceMatrix,
    x: ReferenceMatrix,
    rate: number,
    keyA: number,
    keyB: number,
  ): void {
    const threshold = Math.floor(rate * 2 ** 32);
    for (let n = 0; n < y.data.length; n++) {
      y.data[n] = dropoutHash(n, keyA, keyB) < threshold ? 0 : x.data[n] / (1 - rate);
    }
  }

  batchNormForward(
    y: ReferenceMatrix,
    statistics: ReferenceMatrix,
    running: ReferenceMatrix,
    x: ReferenceMatrix,
    weight: ReferenceMatrix,
    bias: ReferenceMatrix,
    momentum: number,
    epsilon: number,
  ): void {
    const { rows, columns } = x;
    for (let j = 0; j < columns; j++) {
      const column = Array.from({ length: rows }, (_, i) => x.data[i * columns + j]);
      const mean = column.reduce((a, b) => a + b, 0) / rows;
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
      const inverse = 1 / Math.sqrt(variance + epsilon);
      [statistics.data[j], statistics.data[columns + j]] = [mean, inverse];
      const [oldMean, oldVariance] = [running.data[j], running.data[columns + j]];
      running.data[j] = oldMean + momentum * (mean - oldMean);
      const unbiased = variance * rows / (rows - 1);
      running.data[columns + j] = oldVariance + momentum * (unbiased - oldVariance);
      column.forEach((value, i) => {
        y.data[i * columns + j] = (value - mean) * inverse * weight.data[j] + bias.data[j];
      });
    }
  }

  batchNormBackward(
    dx: ReferenceMatrix,
    dweight: ReferenceMatrix,
    dbias: ReferenceMatrix,
    dy: ReferenceMatrix,
    x: ReferenceMatrix,
    statistics: ReferenceMatrix,
    weight: ReferenceMatrix,
  ): void {
    const { rows, columns } = x;
    for (let j = 0; j < columns; j++) {
      const [mean, inverse] = [statistics.data[j], statistics.data[columns + j]];
      const at = Array.from({ length: rows }, (_, i) => i * columns + j);
      const normals = at.map((i) => (x.data[i] - mean) * inverse);
      const sum = at.reduce((sum, i) => sum + dy.data[i], 0);
      const product = at.reduce((sum, i, row) => sum + dy.data[i] * normals[row], 0);
      [dbias.data[j], dweight.data[j]] = [sum, product];
      at.forEach((i, row) => {
        const rest = dy.data[i] - sum / rows - normals[row] * product / rows;
        dx.data[i] = weight.data[j] * inverse * rest;
      });
    }
  }

  argmax(classes: ReferenceMatrix, logits: ReferenceMatrix, start: number): void {
    for (let i = 0; i < logits.rows; i++) {
      let best = 0;
      const row = i * logits.columns;
      for (let j = 1; j < logits.columns; j++) {
        if (logits.data[row + j] > logits.data[row + best]) best = j;
      }
      classes.data[start + i] = best;
    }
  }

  countCorrect(
    count: ReferenceMatrix,
    classes: ReferenceMatrix,
    labels: ReferenceBytes,
    order: ReferenceOrder,
  ): void {
    let correct = 0;
    classes.data.forEach((value, i) => {
      if (value === labels.data[order.data[i]]) correct++;
    });
    count.data[0] = correct;
  }

  columnSums(sums: ReferenceMatrix, x: ReferenceMatrix): void {
    for (let j = 0; j < x.columns; j++) {
      let sum = 0;
      for (let i = 0; i < x.rows; i++) sum += x.data[i * x.columns + j];
      sums.data[j] = sum;
    }
  }

  sgd(
    w: ReferenceMatrix,
    residual: ReferenceMatrix,
    dw: ReferenceMatrix,
    learningRate: number,
    l1: number,
    l2: number,
    scale?: ReferenceMatrix | null,
  ): void {
    for (let i = 0; i < w.data.length; i++) {
      const gradient = penalised(w, dw, i, { l1, l2 }, scale);
      moveCompensated(w, residual, i, learningRate * gradient);
    }
  }

  momentum(
    w: ReferenceMatrix,
    velocity: ReferenceMatrix,
    residual: ReferenceMatrix,
    dw: ReferenceMatrix,
    step: MomentumStep,
    scale?: ReferenceMatrix | null,
  ): void {
    const { learningRate, momentum, nesterov } = step;
    for (let i = 0; i < w.data.length; i++) {
      const gradient = penalised(w, dw, i, step, scale);
      const speed = momentum * velocity.data[i] + gradient;
      velocity.data[i] = speed;
      const direction = nesterov ? gradient + momentum * speed : speed;
      moveCompensated(w, residual, i, learningRate * direction);
    }
  }

  adam(
    w: ReferenceMatrix,
    mean: ReferenceMatrix,
    square: ReferenceMatrix,
    dw: ReferenceMatrix,
    step: AdamStep,
    scale?: ReferenceMatrix | null,
  ): void {
    const { stepSize, correction, rate1, rate2, epsilon, decay } = step;
    for (let i = 0; i < w.data.length; i++) {
      const gradient = penalised(w, dw, i, step, scale);
      const newMean = mean.data[i] + rate1 * (gradient - mean.data[i]);
      const newSquare = square.data[i] + rate2 * (gradient * gradient - square.data[i]);
      mean.data[i] = newMean;
      square.data[i] = newSquare;
      const move = stepSize * newMean / (Math.sqrt(newSquare) * correction + epsilon);
      w.data[i] -= decay * w.data[i] + move;
    }
  }

  rmsprop(
    w: ReferenceMatrix,
    square: ReferenceMatrix,
    dw: ReferenceMatrix,
    step: RmspropStep,
    scale?: ReferenceMatrix | null,
  ): void {
    const { learningRate, rate, epsilon } = step;
    for (let i = 0; i < w.data.length; i++) {
      const gradient = penalised(w, dw, i, step, scale);
      const newSquare = square.data[i] + rate * (gradient * gradient - square.data[i]);
      square.data[i] = newSquare;
      w.data[i] -= learningRate * gradient / (Math.sqrt(newSquare) + epsilon);
    }
  }

  rowSquares(sums: ReferenceMatrix, x: ReferenceMatrix, start: number): void {
    for (let i = 0; i < x.rows; i++) {
      let sum = 0;
      for (let j = 0; j < x.columns; j++) sum += x.data[i * x.columns + j] ** 2;
      sums.data[start + i] = sum;
    }
  }

  clipScale(scale: ReferenceMatrix, sums: ReferenceMatrix, maxNorm: number): void {
    const sum = sums.data.reduce((a, b) => a + b, 0);
    scale.data[0] = Number.isFinite(sum) ? Math.min(1, maxNorm / (Math.sqrt(sum) + 1e-6)) : NaN;
  }

  [Symbol.dispose](): void {}
}

/** Element `i` of scale dw + l1 sign(w) + l2 w. */
function penalised(
  w: ReferenceMatrix,
  dw: ReferenceMatrix,
  i: number,
  { l1, l2 }: PenaltyShares,
  scale?: ReferenceMatrix | null,
): number {
  const old = w.data[i];
  return (scale?.data[0] ?? 1) * dw.data[i] + l1 * Math.sign(old) + l2 * old;
}

/** Takes `step` from element `i` of w; what is too small to change it stays in the residual. */
function moveCompensated(
  w: ReferenceMatrix,
  residual: ReferenceMatrix,
  i: number,
  step: number,
): void {
  const old = w.data[i];
  const wanted = residual.data[i] - step;
  w.data[i] = old + wanted;
  residual.data[i] = wanted - (w.data[i] - old);
}

/** `value`, or 0.01 (as a float32) of it where `x` is not positive. */
function leaky(value: number, x: number): number {
  return x > 0 ? value : Math.fround(0.01) * value;
}

function gelu(x: number): number {
  return x === -Infinity ? 0 : x * normalDistribution(x);
}

function geluSlope(x: number): number {
  return normalDistribution(x) + (Number.isFinite(x) ? x * normalDensity(x) : 0);
}

/** One of 2^32 numbers for each: lowbias32 of C. Wellons, "Prospecting for hash functions" (2018). */
function mix(h: number): number {
  h = Math.imul(h ^ h >>> 16, 0x7feb352d);
  h = Math.imul(h ^ h >>> 15, 0x846ca68b);
  return (h ^ h >>> 16) >>> 0;
}

/** e^(z - max z) of row `i`, with the sum of them. */
function rowExponentials(logits: ReferenceMatrix, i: number) {
  const row = logits.data.subarray(i * logits.columns, (i + 1) * logits.columns);
  const maximum = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Array.from(row, (z) => Math.exp(z - maximum));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return { exponentials, sum, maximum };
}

/**
 * The kernels that follow from the table (table.ts), and what each computes. Outputs come first.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O outputs (classes), N rows of a data set.
 */
import type { ImageKernels } from "./image_kernels.ts";
import type { LossKernels } from "./loss_kernels.ts";
import type { BufferTypes } from "./matrices.ts";

/** The kernels of the table, but for activations and updates. */
export interface TableKernels<T extends BufferTypes = BufferTypes>
  extends LossKernels<T>, ImageKernels<T> {
  /** x[i, :] = data[order[start + i], :]. x: B x I; data: N x I. */
  gather(x: T["bytes"], data: T["bytes"], order: T["order"], start: number): void;

  /** The same for float32. x: B x I; data: N x I. */
  gatherFloats(x: T["matrix"], data: T["matrix"], order: T["order"], start: number): void;

  /**
   * As `gather`, with the pixels of each row in another order: x[i, j] = data[row, sources[t I + j]], or 0 where that source
   * is I or more, with row = order[start + i]. Which of the T tables a row goes through is
   * t = lowbias32(lowbias32(row) + key) mod T (lib/random/hashes.ts): the same on every back end, wherever in a batch the
   * row is.
   *
   * x: B x I; data: N x I; sources: T I long; key: a whole number from 0 to 2^32 - 1.
   */
  gatherTransformed(
    x: T["bytes"],
    data: T["bytes"],
    order: T["order"],
    start: number,
    sources: T["order"],
    key: number,
  ): void;

  /** y = (a + b) factor, element by element. y, a, b: B x O. y may be a. */
  add(y: T["matrix"], a: T["matrix"], b: T["matrix"], factor: number): void;

  /** y[i, :] = x[i, :] + bias. y, x: B x O; bias: 1 x O. y may be x. */
  addBias(y: T["matrix"], x: T["matrix"], bias: T["matrix"]): void;

  /**
   * y[i, j] = x[i, j] / (1 - rate), or 0 where the element is dropped: where
   *
   *     murmur3Mix(murmur3Mix((i columns + j) xor keyA) + keyB) < floor(rate 2^32)
   *
   * in arithmetic modulo 2^32 (lib/random/hashes.ts). The same elements on every back end. y may be x; 0 <= rate < 1;
   * keys: 0 to 2^32 - 1.
   */
  dropout(y: T["matrix"], x: T["matrix"], rate: number, keyA: number, keyB: number): void;

  /** p[i, :] = softmax(logits[i, :]), stable for logits of any size. p, logits: B x O. p may be logits. */
  softmax(p: T["matrix"], logits: T["matrix"]): void;

  /**
   * y[i, :] = x[i, :] scales[order[start + i]]: what the rows of a batch count. y, x: B x O, y may be x; scales: N x 1.
   */
  scaleRows(
    y: T["matrix"],
    x: T["matrix"],
    scales: T["matrix"],
    order: T["order"],
    start: number,
  ): void;

  /** classes[start + i] = column of the largest of logits[i, :], the first of equals. classes: (start + B or more) x 1. */
  argmax(classes: T["matrix"], logits: T["matrix"], start: number): void;

  /** count[0, 0] = number of i with classes[i] = labels[order[i]]. count: 1 x 1; classes: M x 1, M <= order.length. */
  countCorrect(
    count: T["matrix"],
    classes: T["matrix"],
    labels: T["bytes"],
    order: T["order"],
  ): void;

  /** sums[start + i] = sum over j of x[i, j]^2. sums: (start + B or more) x 1; x: B x O. */
  rowSquares(sums: T["matrix"], x: T["matrix"], start: number): void;

  /** sums[0, j] = sum over i of x[i, j]. sums: 1 x O; x: B x O. */
  columnSums(sums: T["matrix"], x: T["matrix"]): void;

  /**
   * Batch normalization of every column, with the mean and the variance of its B >= 2 rows, and the running ones:
   *
   *     statistics = [mean; 1 / sqrt(variance + epsilon)]          variance = sum (x - mean)^2 / B
   *     y[i, :]    = (x[i, :] - mean) / sqrt(variance + epsilon) * weight + bias
   *     running   += momentum ([mean; variance B / (B - 1)] - running)
   *
   * y, x: B x O, y not x; statistics: 2 x O; running: 2 x O, read and written; weight, bias: 1 x O.
   */
  batchNormForward(
    y: T["matrix"],
    statistics: T["matrix"],
    running: T["matrix"],
    x: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
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
    dx: T["matrix"],
    dweight: T["matrix"],
    dbias: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
  ): void;

  /**
   * scale[0, 0] = min(1, maxNorm / (norm + 1e-6)), norm = sqrt(sum of sums); NaN where the norm is not finite. scale:
   * 1 x 1; sums: M x 1.
   */
  clipScale(scale: T["matrix"], sums: T["matrix"], maxNorm: number): void;
}

/**
 * The kernels that follow from the table (table.ts), and what each computes. Outputs come first.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O outputs (classes), N rows of a data set, C channels of an image.
 */
import type { BufferTypes } from "./matrices.ts";

/** The kernels of the table, but for activations and updates. */
export interface TableKernels<T extends BufferTypes = BufferTypes> {
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
   * Loss of each row and gradient of their mean, from the logits. With y = labels[order[start + i]]:
   *
   *     losses[start + i] = min(-ln softmax(logits[i, :])[y], -ln 1e-10)         nats
   *     dLogits[i, :]     = (softmax(logits[i, :]) - onehot(y)) / B
   *
   * dLogits, logits: B x O, dLogits may be logits; losses: (start + B or more) x 1; labels: N x 1, each below O.
   */
  softmaxCrossEntropy(
    dLogits: T["matrix"],
    losses: T["matrix"],
    logits: T["matrix"],
    labels: T["bytes"],
    order: T["order"],
    start: number,
  ): void;

  /**
   * The same with weights for classes and smoothed labels, as PyTorch's CrossEntropyLoss(weight, label_smoothing) has them.
   * With s the smoothing, w the weights and t_c = (1 - s) w_y [c = y] + s w_c / O:
   *
   *     losses[start + i] = min(-sum_c t_c ln softmax(logits[i, :])[c], -ln 1e-10 sum_c t_c)
   *     dLogits[i, :]     = (softmax(logits[i, :]) sum_c t_c - t) / weightSum
   *
   * classWeights: 1 x O, above 0; weightSum: 1 x 1, as `sumClassWeights` leaves it; 0 <= smoothing <= 1: the share of a label
   * that is spread over all classes, its own among them.
   */
  weightedCrossEntropy(
    dLogits: T["matrix"],
    losses: T["matrix"],
    logits: T["matrix"],
    labels: T["bytes"],
    order: T["order"],
    start: number,
    classWeights: T["matrix"],
    weightSum: T["matrix"],
    smoothing: number,
  ): void;

  /**
   * sum[0, 0] = the sum over i below `rows` of classWeights[0, labels[order[start + i]]]. sum: 1 x 1; classWeights: 1 x O;
   * labels: N x 1, each below O.
   */
  sumClassWeights(
    sum: T["matrix"],
    classWeights: T["matrix"],
    labels: T["bytes"],
    order: T["order"],
    start: number,
    rows: number,
  ): void;

  /**
   * Loss of each row and gradient of their mean for targets that are yes or no, each by itself, as PyTorch's
   * BCEWithLogitsLoss(weight, pos_weight) has them. With y = targets[order[start + i]], softplus(z) = ln(1 + e^z), stable for
   * logits of any size, and r = rowWeights[order[start + i]]:
   *
   *     losses[start + i] = r sum_j (w_j y_j softplus(-z_ij) + (1 - y_j) softplus(z_ij)) / O
   *     dLogits[i, j]     = r (w_j y_j (sigmoid(z_ij) - 1) + (1 - y_j) sigmoid(z_ij)) / (B O)
   *
   * dLogits, logits z: B x O, dLogits may be logits; losses: (start + B or more) x 1; targets: N x O, each 0 or 1;
   * positiveWeights w: 1 x O; rowWeights: N x 1, null where all rows count alike: a row of weight 0 does not count.
   */
  sigmoidCrossEntropy(
    dLogits: T["matrix"],
    losses: T["matrix"],
    logits: T["matrix"],
    targets: T["bytes"],
    order: T["order"],
    start: number,
    positiveWeights: T["matrix"],
    rowWeights: T["matrix"] | null,
  ): void;

  /**
   * The same for targets that are numbers, as PyTorch's MSELoss (delta 0) and HuberLoss(delta) have them. With
   * d_ij = logits[i, j] - targets[order[start + i], j]:
   *
   *     l_ij              = d_ij^2; or, where delta is above 0, d_ij^2 / 2 up to |d_ij| = delta, delta (|d_ij| - delta / 2) beyond
   *     losses[start + i] = r sum_j l_ij / O
   *     dLogits[i, j]     = r dl_ij/dz_ij / (B O)
   *
   * targets: N x O; delta >= 0; the others as for `sigmoidCrossEntropy`.
   */
  squaredError(
    dLogits: T["matrix"],
    losses: T["matrix"],
    logits: T["matrix"],
    targets: T["matrix"],
    order: T["order"],
    start: number,
    delta: number,
    rowWeights: T["matrix"] | null,
  ): void;

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
   * Of each channel, in S parts of a batch: part s has the images floor(B s / S) to floor(B (s + 1) / S), M values of a channel.
   *
   *     moments[s, c]     = mean of x over the part            0 where it has no image
   *     moments[s, C + c] = sum of (x - that mean)^2
   *
   * moments: S x 2C; x: B x (positions C), channels side by side.
   */
  channelMoments(moments: T["matrix"], x: T["matrix"], positions: number, channels: number): void;

  /**
   * Mean and variance of each channel from the moments of its parts, and the running ones, as for `batchNormForward` with
   * B positions rows, at least 2. statistics, running: 2 x C; moments: S x 2C, of `images` images.
   */
  channelStatistics(
    statistics: T["matrix"],
    running: T["matrix"],
    moments: T["matrix"],
    images: number,
    positions: number,
    momentum: number,
    epsilon: number,
  ): void;

  /** y = (x - mean) / sqrt(variance + epsilon) * weight + bias of its channel. y, x: B x (positions C), y may be x. */
  channelNormForward(
    y: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    positions: number,
  ): void;

  /**
   * Of each channel, in parts as for `channelMoments`, with n the normalized x: sums[s, c] = sum dy, sums[s, C + c] = sum dy n.
   * sums: S x 2C; dy, x: B x (positions C); statistics: 2 x C.
   */
  channelGradientSums(
    sums: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    positions: number,
  ): void;

  /** dbias[c] = sum over s of sums[s, c]; dweight[c] = sum over s of sums[s, C + c]. dweight, dbias: 1 x C; sums: S x 2C. */
  channelNormGradients(dweight: T["matrix"], dbias: T["matrix"], sums: T["matrix"]): void;

  /**
   * dx = (dy - dbias / M - n dweight / M) weight / sqrt(variance + epsilon) with M = B positions. dx, dy, x: B x (positions C);
   * dx may be dy.
   */
  channelNormBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    dweight: T["matrix"],
    dbias: T["matrix"],
    positions: number,
  ): void;

  /**
   * What `channelNormForward`, relu and `maxPoolForward` with windows of 2 x 2 give one after the other, in one pass. y: B x
   * (floor(height / 2) floor(width / 2) C); x: B x (height width C).
   */
  channelNormPoolForward(
    y: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    height: number,
    width: number,
  ): void;

  /** As `channelGradientSums`, of the gradient that `dy` of `channelNormPoolForward` leaves where its pool and relu let it through. */
  channelPoolSums(
    sums: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    height: number,
    width: number,
  ): void;

  /** As `channelNormBackward`, of that gradient. dx, x: B x (height width C), dx may be x; dy as y. */
  channelNormPoolBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    dweight: T["matrix"],
    dbias: T["matrix"],
    height: number,
    width: number,
  ): void;

  /**
   * The largest of each window of size x size pixels of a channel; windows do not overlap, and what is left at the right and
   * below is dropped. y: B x (floor(height / size) floor(width / size) channels); x: B x (height width channels).
   */
  maxPoolForward(
    y: T["matrix"],
    x: T["matrix"],
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void;

  /** dx = dy where x is the first of the largest in its window, row by row, else 0. dx is not dy. */
  maxPoolBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void;

  /** The mean of each window of down x across pixels of a channel, as for `maxPoolForward`. */
  averagePoolForward(
    y: T["matrix"],
    x: T["matrix"],
    height: number,
    width: number,
    channels: number,
    down: number,
    across: number,
  ): void;

  /** dx = dy / (down across) of its window; 0 where x has none. dx is not dy. */
  averagePoolBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    height: number,
    width: number,
    channels: number,
    down: number,
    across: number,
  ): void;

  /**
   * scale[0, 0] = min(1, maxNorm / (norm + 1e-6)), norm = sqrt(sum of sums); NaN where the norm is not finite. scale:
   * 1 x 1; sums: M x 1.
   */
  clipScale(scale: T["matrix"], sums: T["matrix"], maxNorm: number): void;
}

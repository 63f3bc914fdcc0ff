/**
 * What the kernels of losses compute: of each row the loss, and the gradient of their mean by the logits. For how kernels are
 * declared see kernels.ts.
 *
 * Glossary: B rows of a batch, O outputs (classes, labels or targets), N rows of a data set.
 */
import type { BufferTypes } from "./matrices.ts";

/** The kernels of losses. */
export interface LossKernels<T extends BufferTypes = BufferTypes> {
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
   * The same for targets that are numbers, as PyTorch's MSELoss and HuberLoss(delta) have them. With
   * d_ij = logits[i, j] - targets[order[start + i], j]:
   *
   *     l_ij              = the loss of d_ij that `distance` numbers: see DISTANCES
   *     losses[start + i] = r sum_j l_ij / O
   *     dLogits[i, j]     = r dl_ij/dz_ij / (B O)
   *
   * targets: N x O; delta: of those distances that have one; the others as for `sigmoidCrossEntropy`.
   */
  distanceLoss(
    dLogits: T["matrix"],
    losses: T["matrix"],
    logits: T["matrix"],
    targets: T["matrix"],
    order: T["order"],
    start: number,
    distance: number,
    delta: number,
    rowWeights: T["matrix"] | null,
  ): void;
}

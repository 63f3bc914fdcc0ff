/**
 * The kernels, as one typed table. The types of a back end's functions, the checks of every call (checked.ts), the
 * arguments of WebAssembly's jobs on both sides and the list of its exports follow from it; activations and updates have
 * tables of their own (activations.ts, updates.ts) that become rows like these.
 *
 * A shape is rows, then columns. "=B" defines B as this argument has it; "B" requires the same of another argument.
 *
 * Glossary: B rows of a batch, I inputs, H hidden units, O outputs (classes), N rows of a data set.
 */
import {
  alone,
  byColumns,
  byElements,
  byRows,
  byteInput,
  byteOutput,
  count,
  fraction,
  inOut,
  input,
  kernel,
  number,
  order,
  output,
  start,
  uint32,
} from "./arguments.ts";

/** The batch's part of an order, from `start` on. */
const batchOrder = order("order", "the order", { from: "start", count: "B" });
const labels = byteInput("labels", "the label matrix", "=N", 1);
const logits = input("logits", "the logits", "=B", "=O");
const dLogits = output("dLogits", "the gradient", "B", "O", { mayBe: "logits" });
const batchLosses = { from: "start", count: "B" };

export const KERNELS = {
  /** x[i, :] = data[order[start + i], :]. x: B x I; data: N x I. */
  gather: kernel(
    "gather a batch",
    [
      byteOutput("x", "the output", "=B", "I"),
      byteInput("data", "the data", "=N", "=I"),
      batchOrder,
      start("start"),
    ],
    byRows("x", 0.06),
    ["I"],
  ),

  /**
   * As `gather`, with the pixels of each row in another order: x[i, j] = data[row, sources[t I + j]], or 0 where that source
   * is I or more, with row = order[start + i]. Which of the T tables a row goes through is
   * t = lowbias32(lowbias32(row) + key) mod T (lib/random/hashes.ts): the same on every back end, wherever in a batch the
   * row is.
   *
   * x: B x I; data: N x I; sources: T I long; key: a whole number from 0 to 2^32 - 1.
   */
  gatherTransformed: kernel(
    "gather a batch",
    [
      byteOutput("x", "the output", "=B", "I"),
      byteInput("data", "the data", "=N", "=I"),
      batchOrder,
      start("start"),
      order("sources", "sources", { multipleOf: "I" }),
      uint32("key", "the key"),
    ],
    byRows("x", 1),
    ["I", "sources"],
  ),

  /** y[i, :] = x[i, :] + bias. y, x: B x O; bias: 1 x O. y may be x. */
  addBias: kernel(
    "add a bias",
    [
      output("y", "the output", "B", "O", { mayBe: "x" }),
      input("x", "the input", "=B", "=O"),
      input("bias", "the bias", 1, "O"),
    ],
    byRows("y", 0.15),
    ["O"],
  ),

  /**
   * y[i, j] = x[i, j] / (1 - rate), or 0 where the element is dropped: where
   *
   *     murmur3Mix(murmur3Mix((i columns + j) xor keyA) + keyB) < floor(rate 2^32)
   *
   * in arithmetic modulo 2^32 (lib/random/hashes.ts). The same elements on every back end. y may be x; 0 <= rate < 1;
   * keys: 0 to 2^32 - 1.
   */
  dropout: kernel("drop out", [
    output("y", "the output", "B", "O", { mayBe: "x" }),
    input("x", "the input", "=B", "=O"),
    fraction("rate", "the rate", true),
    uint32("keyA", "the first key"),
    uint32("keyB", "the second key"),
  ], byElements("y", 0.6)),

  /** p[i, :] = softmax(logits[i, :]), stable for logits of any size. p, logits: B x O. p may be logits. */
  softmax: kernel(
    "take the softmax",
    [
      output("p", "the output", "B", "O", { mayBe: "logits" }),
      logits,
    ],
    byRows("p", 2),
    ["O"],
  ),

  /**
   * Loss of each row and gradient of their mean, from the logits. With y = labels[order[start + i]]:
   *
   *     losses[start + i] = min(-ln softmax(logits[i, :])[y], -ln 1e-10)         nats
   *     dLogits[i, :]     = (softmax(logits[i, :]) - onehot(y)) / B
   *
   * dLogits, logits: B x O, dLogits may be logits; losses: (start + B or more) x 1; labels: N x 1, each below O.
   */
  softmaxCrossEntropy: kernel(
    "take the cross-entropy",
    [
      dLogits,
      output("losses", "the loss matrix", "=L", 1, batchLosses),
      logits,
      labels,
      batchOrder,
      start("start"),
    ],
    byRows("logits", 2),
    ["B", "O"],
  ),

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
  weightedCrossEntropy: kernel(
    "take the cross-entropy",
    [
      dLogits,
      output("losses", "the loss matrix", "=L", 1, batchLosses),
      logits,
      labels,
      batchOrder,
      start("start"),
      input("classWeights", "the class weight matrix", 1, "O"),
      input("weightSum", "the sum of weights", 1, 1),
      fraction("smoothing", "the smoothing", false),
    ],
    byRows("logits", 4),
    ["O"],
  ),

  /**
   * sum[0, 0] = the sum over i below `rows` of classWeights[0, labels[order[start + i]]]. sum: 1 x 1; classWeights: 1 x O;
   * labels: N x 1, each below O.
   */
  sumClassWeights: kernel("sum class weights", [
    output("sum", "the output", 1, 1),
    input("classWeights", "the weight matrix", 1, "=O"),
    labels,
    order("order", "the order", { from: "start", count: "rows" }),
    start("start"),
    count("rows", "a sum of class weights with rows ="),
  ], alone("rows")),

  /** classes[start + i] = column of the largest of logits[i, :], the first of equals. classes: (start + B or more) x 1. */
  argmax: kernel(
    "take the argmax",
    [
      output("classes", "the output", "=L", 1, batchLosses),
      logits,
      start("start"),
    ],
    byRows("logits", 1),
    ["O"],
  ),

  /** count[0, 0] = number of i with classes[i] = labels[order[i]]. count: 1 x 1; classes: M x 1, M <= order.length. */
  countCorrect: kernel("count", [
    output("count", "the output", 1, 1),
    input("classes", "the class matrix", "=M", 1),
    labels,
    order("order", "the order", { count: "M" }),
  ], alone("classes")),

  /** sums[start + i] = sum over j of x[i, j]^2. sums: (start + B or more) x 1; x: B x O. */
  rowSquares: kernel(
    "sum squares",
    [
      output("sums", "the output", "=L", 1, batchLosses),
      input("x", "the input", "=B", "=O"),
      start("start"),
    ],
    byRows("x", 0.1),
    ["O"],
  ),

  /** sums[0, j] = sum over i of x[i, j]. sums: 1 x O; x: B x O. */
  columnSums: kernel(
    "sum columns",
    [
      output("sums", "the output", 1, "O"),
      input("x", "the input", "=B", "=O"),
    ],
    byColumns("x", 0.15),
    ["B", "O"],
  ),

  /**
   * Batch normalization of every column, with the mean and the variance of its B >= 2 rows, and the running ones:
   *
   *     statistics = [mean; 1 / sqrt(variance + epsilon)]          variance = sum (x - mean)^2 / B
   *     y[i, :]    = (x[i, :] - mean) / sqrt(variance + epsilon) * weight + bias
   *     running   += momentum ([mean; variance B / (B - 1)] - running)
   *
   * y, x: B x O, y not x; statistics: 2 x O; running: 2 x O, read and written; weight, bias: 1 x O.
   */
  batchNormForward: kernel(
    "normalise a batch",
    [
      output("y", "the output", "B", "O"),
      output("statistics", "the matrix of statistics", 2, "O"),
      inOut("running", "the matrix of running statistics", 2, "O"),
      input("x", "the input", "=B", "=O", { leastRows: 2 }),
      input("weight", "the weight", 1, "O"),
      input("bias", "the bias", 1, "O"),
      number("momentum"),
      number("epsilon"),
    ],
    byColumns("x", 0.5),
    ["B", "O"],
  ),

  /**
   * With n = (x - mean) / sqrt(variance + epsilon), from the statistics of the forward pass, and sums over rows:
   *
   *     dweight = sum dy n      dbias = sum dy
   *     dx      = (dy - dbias / B - n dweight / B) weight / sqrt(variance + epsilon)
   *
   * dx may be dy.
   */
  batchNormBackward: kernel(
    "take the gradient of batch normalisation",
    [
      output("dx", "dx", "B", "O", { mayBe: "dy" }),
      output("dweight", "dweight", 1, "O"),
      output("dbias", "dbias", 1, "O"),
      input("dy", "dy", "B", "O"),
      input("x", "the input", "=B", "=O", { leastRows: 2 }),
      input("statistics", "the matrix of statistics", 2, "O"),
      input("weight", "the weight", 1, "O"),
    ],
    byColumns("x", 0.5),
    ["B", "O"],
  ),

  /**
   * scale[0, 0] = min(1, maxNorm / (norm + 1e-6)), norm = sqrt(sum of sums); NaN where the norm is not finite. scale:
   * 1 x 1; sums: M x 1.
   */
  clipScale: kernel("clip gradients", [
    output("scale", "the output", 1, 1),
    input("sums", "the sum matrix", "=M", 1),
    number("maxNorm"),
  ], alone("sums")),
};

export type KernelName = keyof typeof KERNELS;

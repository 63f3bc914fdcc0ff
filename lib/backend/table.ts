/**
 * The kernels, as one typed table. The types of their functions (kernels.ts) say which arguments a row must have; the checks
 * of every call (checked.ts), the arguments of WebAssembly's jobs on both sides and the list of its exports follow from it.
 * Activations and updates have tables of their own (activations.ts, updates.ts) that become rows like these.
 *
 * A shape is rows, then columns. "=B" defines B as this argument has it; "B" requires the same of another argument.
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
  type RowOf,
  start,
  uint32,
} from "./arguments.ts";
import { DISTANCES } from "./distances.ts";
import { IMAGE_KERNELS } from "./image_table.ts";
import type { TableKernels } from "./kernels.ts";

/** The batch's part of an order, from `start` on. */
const batchOrder = order("order", "the order", { from: "start", count: "B" });
const labels = byteInput("labels", "the label matrix", "=N", 1);
const logits = input("logits", "the logits", "=B", "=O");
const dLogits = output("dLogits", "the gradient", "B", "O", { mayBe: "logits" });
const rowWeights = input("rowWeights", "the row weight matrix", "N", 1, { optional: true });
const batchLosses = { from: "start", count: "B" };

export const KERNELS: { readonly [Name in keyof TableKernels]: RowOf<TableKernels[Name]> } = {
  gather: kernel(
    "gather a batch",
    [
      byteOutput("x", "the output", "=B", "I"),
      byteInput("data", "the data", "=N", "=I"),
      batchOrder,
      start("start"),
    ],
    byRows("x", 0.03),
    ["I"],
  ),

  gatherFloats: kernel(
    "gather a batch",
    [
      output("x", "the output", "=B", "I"),
      input("data", "the data", "=N", "=I"),
      batchOrder,
      start("start"),
    ],
    byRows("x", 0.12),
    ["I"],
  ),

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
    byRows("x", 0.5),
    ["I", "sources"],
  ),

  add: kernel("add", [
    output("y", "the output", "B", "O", { mayBe: "a" }),
    input("a", "the first input", "=B", "=O"),
    input("b", "the second input", "B", "O"),
    number("factor"),
  ], byElements("y", 0.2)),

  addBias: kernel(
    "add a bias",
    [
      output("y", "the output", "B", "O", { mayBe: "x" }),
      input("x", "the input", "=B", "=O"),
      input("bias", "the bias", 1, "O"),
    ],
    byRows("y", 0.2),
    ["O"],
  ),

  dropout: kernel("drop out", [
    output("y", "the output", "B", "O", { mayBe: "x" }),
    input("x", "the input", "=B", "=O"),
    fraction("rate", "the rate", true),
    uint32("keyA", "the first key"),
    uint32("keyB", "the second key"),
  ], byElements("y", 0.8)),

  softmax: kernel(
    "take the softmax",
    [
      output("p", "the output", "B", "O", { mayBe: "logits" }),
      logits,
    ],
    byRows("p", 2.5),
    ["O"],
  ),

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
    byRows("logits", 3.5),
    ["B", "O"],
  ),

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
    byRows("logits", 5.5),
    ["O"],
  ),

  sumClassWeights: kernel("sum class weights", [
    output("sum", "the output", 1, 1),
    input("classWeights", "the weight matrix", 1, "=O"),
    labels,
    order("order", "the order", { from: "start", count: "rows" }),
    start("start"),
    count("rows", "a sum of class weights with rows ="),
  ], alone("rows")),

  sigmoidCrossEntropy: kernel(
    "take the cross-entropy",
    [
      dLogits,
      output("losses", "the loss matrix", "=L", 1, batchLosses),
      logits,
      byteInput("targets", "the target matrix", "=N", "O"),
      batchOrder,
      start("start"),
      input("positiveWeights", "the matrix of positive weights", 1, "O"),
      rowWeights,
    ],
    byRows("logits", 8),
    ["B", "O"],
  ),

  distanceLoss: kernel(
    "take the loss of numbers",
    [
      dLogits,
      output("losses", "the loss matrix", "=L", 1, batchLosses),
      logits,
      input("targets", "the target matrix", "=N", "O"),
      batchOrder,
      start("start"),
      uint32("distance", "the number of the distance", DISTANCES.length - 1),
      number("delta"),
      rowWeights,
    ],
    byRows("logits", 1.5),
    ["B", "O"],
  ),

  argmax: kernel(
    "take the argmax",
    [
      output("classes", "the output", "=L", 1, batchLosses),
      logits,
      start("start"),
    ],
    byRows("logits", 0.7),
    ["O"],
  ),

  countCorrect: kernel("count", [
    output("count", "the output", 1, 1),
    input("classes", "the class matrix", "=M", 1),
    labels,
    order("order", "the order", { count: "M" }),
  ], alone("classes")),

  scaleRows: kernel(
    "scale rows",
    [
      output("y", "the output", "B", "O", { mayBe: "x" }),
      input("x", "the input", "=B", "=O"),
      input("scales", "the scale matrix", "=N", 1),
      batchOrder,
      start("start"),
    ],
    byRows("x", 0.2),
    ["O"],
  ),

  rowSquares: kernel(
    "sum squares",
    [
      output("sums", "the output", "=L", 1, batchLosses),
      input("x", "the input", "=B", "=O"),
      start("start"),
    ],
    byRows("x", 0.12),
    ["O"],
  ),

  columnSums: kernel(
    "sum columns",
    [
      output("sums", "the output", 1, "O"),
      input("x", "the input", "=B", "=O"),
    ],
    byColumns("x", 0.15),
    ["B", "O"],
  ),

  batchNormForward: kernel(
    "normalize a batch",
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
    byColumns("x", 2),
    ["B", "O"],
  ),

  batchNormBackward: kernel(
    "take the gradient of batch normalization",
    [
      output("dx", "dx", "B", "O", { mayBe: "dy" }),
      output("dweight", "dweight", 1, "O"),
      output("dbias", "dbias", 1, "O"),
      input("dy", "dy", "B", "O"),
      input("x", "the input", "=B", "=O", { leastRows: 2 }),
      input("statistics", "the matrix of statistics", 2, "O"),
      input("weight", "the weight", 1, "O"),
    ],
    byColumns("x", 1.4),
    ["B", "O"],
  ),

  ...IMAGE_KERNELS,

  clipScale: kernel("clip gradients", [
    output("scale", "the output", 1, 1),
    input("sums", "the sum matrix", "=M", 1),
    number("maxNorm"),
  ], alone("sums")),
};

/** The kernels that know of positions and channels, as rows of the table: see table.ts. */
import {
  alone,
  byLongRows,
  count,
  inOut,
  input,
  kernel,
  number,
  output,
  type RowOf,
} from "./arguments.ts";
import type { ImageKernels } from "./image_kernels.ts";

const positions = count("positions", "an image with positions =");
const channels = count("channels", "an image with channels =");
const height = count("height", "an image with height =");
const width = count("width", "an image with width =");
const weight = input("weight", "the weight", 1, "C");
const statistics = input("statistics", "the matrix of statistics", 2, "=C");

const IMAGE = "height*width*channels";
const PLACES = "height*width*C";
const HALVED = "height/2*width/2*C";
const POOLED = "height/size*width/size*channels";
const AVERAGED = "height/down*width/across*channels";
const AVERAGE_WINDOW = [
  height,
  width,
  channels,
  count("down", "a window with height ="),
  count("across", "a window with width ="),
] as const;
const MAX_WINDOW = [height, width, channels, count("size", "a window with size =")] as const;
const MAX_SIZES = ["height", "width", "channels", "size"] as const;
const AVERAGE_SIZES = ["height", "width", "channels", "down", "across"] as const;

export const IMAGE_KERNELS: { readonly [Name in keyof ImageKernels]: RowOf<ImageKernels[Name]> } = {
  channelMoments: kernel(
    "take the moments of channels",
    [
      output("moments", "the matrix of moments", "=S", "2*channels"),
      input("x", "the input", "=B", "positions*channels"),
      positions,
      channels,
    ],
    byLongRows("moments", 0.3, "x"),
    ["B", "positions", "channels", "S"],
  ),

  channelStatistics: kernel(
    "take the statistics of channels",
    [
      output("statistics", "the matrix of statistics", 2, "=C"),
      inOut("running", "the matrix of running statistics", 2, "C"),
      input("moments", "the matrix of moments", "=S", "2*C"),
      count("images", "a batch with images ="),
      positions,
      number("momentum"),
      number("epsilon"),
    ],
    alone("moments"),
    ["S", "C", "images", "positions"],
  ),

  channelNormForward: kernel(
    "normalize channels",
    [
      output("y", "the output", "B", "positions*C", { mayBe: "x" }),
      input("x", "the input", "=B", "positions*C"),
      statistics,
      weight,
      input("bias", "the bias", 1, "C"),
      positions,
    ],
    byLongRows("y", 0.3),
    ["positions", "C"],
  ),

  channelGradientSums: kernel(
    "sum the gradients of channels",
    [
      output("sums", "the matrix of sums", "=S", "2*C"),
      input("dy", "dy", "B", "positions*C"),
      input("x", "the input", "=B", "positions*C"),
      statistics,
      positions,
    ],
    byLongRows("sums", 0.4, "x"),
    ["B", "positions", "C", "S"],
  ),

  channelNormGradients: kernel(
    "add up the gradients of channels",
    [
      output("dweight", "dweight", 1, "=C"),
      output("dbias", "dbias", 1, "C"),
      input("sums", "the matrix of sums", "=S", "2*C"),
    ],
    alone("sums"),
    ["S", "C"],
  ),

  channelNormBackward: kernel(
    "take the gradient of normalized channels",
    [
      output("dx", "dx", "B", "positions*C", { mayBe: "dy" }),
      input("dy", "dy", "B", "positions*C"),
      input("x", "the input", "=B", "positions*C"),
      statistics,
      weight,
      input("dweight", "dweight", 1, "C"),
      input("dbias", "dbias", 1, "C"),
      positions,
    ],
    byLongRows("dx", 0.4),
    ["B", "positions", "C"],
  ),

  channelNormPoolForward: kernel(
    "normalize and pool channels",
    [
      output("y", "the output", "B", HALVED),
      input("x", "the input", "=B", PLACES),
      statistics,
      weight,
      input("bias", "the bias", 1, "C"),
      height,
      width,
    ],
    byLongRows("x", 0.3),
    ["height", "width", "C"],
  ),

  channelPoolSums: kernel(
    "sum the gradients of normalized and pooled channels",
    [
      output("sums", "the matrix of sums", "=S", "2*C"),
      input("dy", "dy", "B", HALVED),
      input("x", "the input", "=B", PLACES),
      statistics,
      weight,
      input("bias", "the bias", 1, "C"),
      height,
      width,
    ],
    byLongRows("sums", 0.4, "x"),
    ["B", "height", "width", "C", "S"],
  ),

  channelNormPoolBackward: kernel(
    "take the gradient of normalized and pooled channels",
    [
      output("dx", "dx", "B", PLACES, { mayBe: "x" }),
      input("dy", "dy", "B", HALVED),
      input("x", "the input", "=B", PLACES),
      statistics,
      weight,
      input("bias", "the bias", 1, "C"),
      input("dweight", "dweight", 1, "C"),
      input("dbias", "dbias", 1, "C"),
      height,
      width,
    ],
    byLongRows("dx", 0.5),
    ["B", "height", "width", "C"],
  ),

  maxPoolForward: kernel(
    "pool",
    [
      output("y", "the output", "B", POOLED),
      input("x", "the input", "=B", IMAGE),
      ...MAX_WINDOW,
    ],
    byLongRows("x", 0.2),
    MAX_SIZES,
  ),

  maxPoolBackward: kernel(
    "take the gradient of a pool",
    [
      output("dx", "dx", "B", IMAGE),
      input("dy", "dy", "B", POOLED),
      input("x", "the input", "=B", IMAGE),
      ...MAX_WINDOW,
    ],
    byLongRows("x", 0.4),
    MAX_SIZES,
  ),

  averagePoolForward: kernel(
    "pool",
    [
      output("y", "the output", "B", AVERAGED),
      input("x", "the input", "=B", IMAGE),
      ...AVERAGE_WINDOW,
    ],
    byLongRows("x", 0.2),
    AVERAGE_SIZES,
  ),

  averagePoolBackward: kernel(
    "take the gradient of a pool",
    [
      output("dx", "dx", "=B", IMAGE),
      input("dy", "dy", "B", AVERAGED),
      ...AVERAGE_WINDOW,
    ],
    byLongRows("dx", 0.3),
    AVERAGE_SIZES,
  ),
};

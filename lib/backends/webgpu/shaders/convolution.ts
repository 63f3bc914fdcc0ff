/**
 * A convolution and its gradients as products whose left side is never there as a whole (implicit GEMM): what a tile of it
 * holds is gathered from the images when it is brought to workgroup memory.
 *
 *                          rows                    steps                     columns
 *     forward              positions of y          taps and channels         outputs of a group
 *     gradient of inputs   pixels of dx            taps and outputs          channels of a group
 *     gradient of weights  taps and channels       positions of a part       outputs of a group
 *
 * A workgroup computes a tile of 64 rows and 16 columns of a group, 4 x 4 a thread, in rounds of 16 steps; a weight gradient's
 * steps are cut into parts, whose sums another kernel adds in their order. Images and outputs are read number by number: where
 * a pixel begins in a vec4 depends on the channels.
 */
import { range } from "./gemm_operands.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

export type ConvolutionPass = "forward" | "inputs" | "weights";

/** Of a tile. */
export const TILE_ROWS = 64;
export const TILE_COLUMNS = 16;
const DEPTH = 16;

/** What convolutions.ts writes, in this order; strides and offsets in numbers, of bytes in words. */
const PARAMETERS =
  `images: u32, height: u32, width: u32, channels: u32, down: u32, across: u32, stride: u32,
  padTop: u32, padLeft: u32, outHeight: u32, outWidth: u32, outputs: u32, groups: u32,
  xOffset: u32, xStride: u32, yOffset: u32, yStride: u32, wOffset: u32, wStride: u32, biasOffset: u32,
  rows: u32, steps: u32, columns: u32, parts: u32, alpha: f32`;

/** A number of an image at a place, which is outside it where `isInside` is false; and of W, and of an output. */
function readers(pass: ConvolutionPass, bytes: boolean): string {
  const imageNumber = bytes
    ? `let word = x[p.xOffset + b * p.xStride + (at >> 2u)];
  return f32((word >> ((at & 3u) * 8u)) & 255u);`
    : "return x[p.xOffset + b * p.xStride + at];";
  return `
${
    pass === "inputs" ? "" : `fn imageAt(b: u32, row: i32, column: i32, channel: u32) -> f32 {
  if (row < 0 || column < 0 || row >= i32(p.height) || column >= i32(p.width)) { return 0.0; }
  let at = (u32(row) * p.width + u32(column)) * p.channels + channel;
  ${imageNumber}
}`
  }
${
    pass === "weights" ? "" : `fn weightAt(tap: u32, channel: u32, output: u32) -> f32 {
  return w[p.wOffset + (tap * (p.channels / p.groups) + channel) * p.wStride + output];
}`
  }
${
    pass === "forward" ? "" : `fn outputAt(b: u32, position: u32, output: u32) -> f32 {
  return dy[p.yOffset + b * p.yStride + position * p.outputs + output];
}`
  }`;
}

/** fetchA(row, step, group, part), fetchB(step, column, group, part) and finish(row, column, sum, group, part). */
const OPERANDS: Readonly<Record<ConvolutionPass, string>> = {
  forward: `
fn fetchA(row: u32, step: u32, group: u32, part: u32) -> f32 {
  let positions = p.outHeight * p.outWidth;
  let b = row / positions;
  let position = row % positions;
  let ofGroup = p.channels / p.groups;
  let tap = step / ofGroup;
  let down = i32(position / p.outWidth * p.stride + tap / p.across) - i32(p.padTop);
  let across = i32(position % p.outWidth * p.stride + tap % p.across) - i32(p.padLeft);
  return imageAt(b, down, across, group * ofGroup + step % ofGroup);
}
fn fetchB(step: u32, column: u32, group: u32, part: u32) -> f32 {
  let ofGroup = p.channels / p.groups;
  return weightAt(step / ofGroup, step % ofGroup, group * p.columns + column);
}
fn finish(row: u32, column: u32, sum: f32, group: u32, part: u32) {
  let positions = p.outHeight * p.outWidth;
  let output = group * p.columns + column;
  let at = p.yOffset + row / positions * p.yStride + row % positions * p.outputs + output;
  y[at] = addBias(sum * p.alpha, output);
}`,
  inputs: `
fn fetchA(row: u32, step: u32, group: u32, part: u32) -> f32 {
  let pixels = p.height * p.width;
  let pixel = row % pixels;
  let ofGroup = p.outputs / p.groups;
  let tap = step / ofGroup;
  let down = i32(pixel / p.width + p.padTop) - i32(tap / p.across);
  let across = i32(pixel % p.width + p.padLeft) - i32(tap % p.across);
  let stride = i32(p.stride);
  if (down < 0 || across < 0 || down % stride != 0 || across % stride != 0) { return 0.0; }
  let place = vec2u(u32(down / stride), u32(across / stride));
  if (place.x >= p.outHeight || place.y >= p.outWidth) { return 0.0; }
  return outputAt(row / pixels, place.x * p.outWidth + place.y, group * ofGroup + step % ofGroup);
}
fn fetchB(step: u32, column: u32, group: u32, part: u32) -> f32 {
  let ofGroup = p.outputs / p.groups;
  return weightAt(step / ofGroup, column, group * ofGroup + step % ofGroup);
}
fn finish(row: u32, column: u32, sum: f32, group: u32, part: u32) {
  let pixels = p.height * p.width;
  let channel = group * p.columns + column;
  dx[p.xOffset + row / pixels * p.xStride + row % pixels * p.channels + channel] = sum;
}`,
  weights: `
fn firstImage(part: u32) -> u32 { return p.images * part / p.parts; }
fn fetchA(row: u32, step: u32, group: u32, part: u32) -> f32 {
  let positions = p.outHeight * p.outWidth;
  let position = step % positions;
  let ofGroup = p.channels / p.groups;
  let tap = row / ofGroup;
  let down = i32(position / p.outWidth * p.stride + tap / p.across) - i32(p.padTop);
  let across = i32(position % p.outWidth * p.stride + tap % p.across) - i32(p.padLeft);
  return imageAt(firstImage(part) + step / positions, down, across, group * ofGroup + row % ofGroup);
}
fn fetchB(step: u32, column: u32, group: u32, part: u32) -> f32 {
  let positions = p.outHeight * p.outWidth;
  return outputAt(firstImage(part) + step / positions, step % positions, group * p.columns + column);
}
fn finish(row: u32, column: u32, sum: f32, group: u32, part: u32) {
  let output = group * p.columns + column;
  partials[(part * p.rows + row) * p.outputs + output] = sum;
}`,
};

/** @param bytes whether the images are of bytes */
export function convolution(pass: ConvolutionPass, bytes: boolean, hasBias: boolean): Shader {
  const x = ["x", bytes ? "u32" : "f32", "read"] as const;
  const [w, dy, bias] = (["w", "dy", "bias"] as const).map((name) =>
    [name, "f32", "read"] as const
  );
  const bindings = {
    forward: [["y", "f32", "write"], x, w, ...hasBias ? [bias] : []] as const,
    inputs: [["dx", "f32", "write"], dy, w] as const,
    weights: [["partials", "f32", "write"], x, dy] as const,
  }[pass];
  const steps = pass === "weights"
    ? "(p.images * (part + 1u) / p.parts - firstImage(part)) * p.outHeight * p.outWidth"
    : "p.steps";
  return shader(
    `convolution_${pass}`,
    PARAMETERS,
    bindings,
    `${readers(pass, bytes)}
fn addBias(sum: f32, output: u32) -> f32 {
  return ${hasBias ? "sum + bias[p.biasOffset + output]" : "sum"};
}
${OPERANDS[pass]}
var<workgroup> aTile: array<array<f32, ${TILE_ROWS}>, ${DEPTH}>;
var<workgroup> bTile: array<array<f32, ${TILE_COLUMNS}>, ${DEPTH}>;

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let rowTiles = (p.rows + ${TILE_ROWS - 1}u) / ${TILE_ROWS}u;
  let columnTiles = (p.columns + ${TILE_COLUMNS - 1}u) / ${TILE_COLUMNS}u;
  let firstRow = workgroup % rowTiles * ${TILE_ROWS}u;
  let firstColumn = workgroup / rowTiles % columnTiles * ${TILE_COLUMNS}u;
  let group = workgroup / (rowTiles * columnTiles) % p.groups;
  let part = workgroup / (rowTiles * columnTiles * p.groups);
  // The last workgroups of a dispatch that is folded into two dimensions have nothing to do.
  if (part >= p.parts) { return; }
  let steps = ${steps};
  let down = thread / 4u * 4u;
  let right = thread % 4u * 4u;
  ${range(4).map((i) => `var sum${i} = vec4f(0.0);`).join(" ")}
  for (var first = 0u; first < steps; first += ${DEPTH}u) {
    let row = firstRow + thread;
    for (var k = 0u; k < ${DEPTH}u; k++) {
      var value = 0.0;
      if (row < p.rows && first + k < steps) { value = fetchA(row, first + k, group, part); }
      aTile[k][thread] = value;
    }
    for (var i = thread; i < ${DEPTH * TILE_COLUMNS}u; i += ${THREADS}u) {
      let step = first + i / ${TILE_COLUMNS}u;
      let column = firstColumn + i % ${TILE_COLUMNS}u;
      var value = 0.0;
      if (step < steps && column < p.columns) { value = fetchB(step, column, group, part); }
      bTile[i / ${TILE_COLUMNS}u][i % ${TILE_COLUMNS}u] = value;
    }
    workgroupBarrier();
    for (var k = 0u; k < ${DEPTH}u; k++) {
      let b = vec4f(${range(4).map((j) => `bTile[k][right + ${j}u]`).join(", ")});
      ${
      range(4).map((i) => `sum${i} = fma(vec4f(aTile[k][down + ${i}u]), b, sum${i});`).join(
        "\n      ",
      )
    }
    }
    workgroupBarrier();
  }
  ${
      range(4).map((i) =>
        `if (firstRow + down + ${i}u < p.rows) {
    ${
          range(4).map((j) =>
            `if (firstColumn + right + ${j}u < p.columns) { finish(firstRow + down + ${i}u, firstColumn + right + ${j}u, sum${i}[${j}], group, part); }`
          ).join("\n    ")
        }
  }`
      ).join("\n  ")
    }
}`,
  );
}

/** dw = alpha times the sum of the parts of a weight gradient, from the first on. */
export function convolutionSum(): Shader {
  return shader(
    "convolution_sum",
    PARAMETERS,
    [["dw", "f32", "write"], ["partials", "f32", "read"]],
    `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let at = workgroup * ${THREADS}u + thread;
  let numbers = p.rows * p.outputs;
  if (at >= numbers) { return; }
  var sum = 0.0;
  for (var part = 0u; part < p.parts; part++) { sum += partials[part * numbers + at]; }
  dw[p.wOffset + at / p.outputs * p.wStride + at % p.outputs] = sum * p.alpha;
}`,
  );
}

/** The gradient of a bias: of each output the sum of dy. A workgroup an output, its threads' sums joined in one order. */
export function convolutionBias(): Shader {
  return shader(
    "convolution_bias",
    PARAMETERS,
    [["dbias", "f32", "write"], ["dy", "f32", "read"]],
    `
var<workgroup> sums: array<f32, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let output = min(workgroup, p.outputs - 1u);
  let positions = p.outHeight * p.outWidth;
  var sum = 0.0;
  for (var i = thread; i < p.images * positions; i += ${THREADS}u) {
    sum += dy[p.yOffset + i / positions * p.yStride + i % positions * p.outputs + output];
  }
  sums[thread] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { sums[thread] += sums[thread + half]; }
  }
  if (thread == 0u && workgroup < p.outputs) { dbias[p.biasOffset + output] = sums[0]; }
}`,
  );
}

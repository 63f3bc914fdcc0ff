/**
 * Normalization of the channels of images and its gradient: see lib/backend/kernels.ts. Numbers are read one by one, for where
 * a pixel begins in a vec4 depends on the channels; strides and offsets count numbers.
 */
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

export const PARAMETERS =
  `images: u32, positions: u32, channels: u32, parts: u32, toOffset: u32, toStride: u32,
  xOffset: u32, xStride: u32, dyOffset: u32, dyStride: u32, statisticsOffset: u32, statisticsStride: u32,
  weightOffset: u32, biasOffset: u32, dweightOffset: u32, share: f32, unbiased: f32, momentum: f32, epsilon: f32,
  width: u32, dbiasOffset: u32`;

/** The sum over the threads of a workgroup, for all of them; all have to call it. */
export const TOTAL = `
var<workgroup> partial: array<f32, ${THREADS}>;

fn total(thread: u32, value: f32) -> f32 {
  partial[thread] = value;
  for (var half = ${THREADS / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { partial[thread] += partial[thread + half]; }
  }
  workgroupBarrier();
  let sum = partial[0];
  workgroupBarrier();
  return sum;
}`;

/** Of a workgroup: its channel and part, and how many values they have, the first in image `first`. */
export const PART = `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let c = workgroup % p.channels;
  let part = workgroup / p.channels;
  if (part >= p.parts) { return; }
  let first = p.images * part / p.parts;
  let count = (p.images * (part + 1u) / p.parts - first) * p.positions;`;

export const READ_X = `
fn xAt(first: u32, i: u32, c: u32) -> f32 {
  return x[p.xOffset + (first + i / p.positions) * p.xStride + i % p.positions * p.channels + c];
}`;

export function channelMoments(): Shader {
  return shader(
    "channel_moments",
    PARAMETERS,
    [["moments", "f32", "write"], ["x", "f32", "read"]],
    `${TOTAL}${READ_X}${PART}
  var sum = 0.0;
  for (var i = thread; i < count; i += ${THREADS}u) { sum += xAt(first, i, c); }
  let mean = total(thread, sum) / f32(max(count, 1u));
  sum = 0.0;
  for (var i = thread; i < count; i += ${THREADS}u) {
    let difference = xAt(first, i, c) - mean;
    sum += difference * difference;
  }
  let squares = total(thread, sum);
  if (thread > 0u) { return; }
  let at = p.toOffset + part * p.toStride + c;
  moments[at] = mean;
  moments[at + p.channels] = squares;
}`,
  );
}

/** One thread a channel. */
const CHANNEL = `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let c = workgroup * ${THREADS}u + thread;
  if (c >= p.channels) { return; }`;

export function channelStatistics(): Shader {
  return shader(
    "channel_statistics",
    PARAMETERS,
    [["statistics", "f32", "write"], ["running", "f32", "write"], ["moments", "f32", "read"]],
    `${CHANNEL}
  var mean = 0.0;
  var squares = 0.0;
  var met = 0.0;
  for (var part = 0u; part < p.parts; part++) {
    let images = p.images * (part + 1u) / p.parts - p.images * part / p.parts;
    if (images == 0u) { continue; }
    let count = f32(images * p.positions);
    let at = p.toOffset + part * p.toStride + c;
    let distance = moments[at] - mean;
    mean += distance * (count / (met + count));
    squares += moments[at + p.channels] + distance * distance * (met * (count / (met + count)));
    met += count;
  }
  let variance = squares * p.share;
  let at = p.statisticsOffset + c;
  statistics[at] = mean;
  statistics[at + p.statisticsStride] = inverseSqrt(variance + p.epsilon);
  let kept = p.weightOffset + c;
  running[kept] += p.momentum * (mean - running[kept]);
  let below = kept + p.statisticsStride;
  running[below] += p.momentum * (variance * p.unbiased - running[below]);
}`,
  );
}

/** One thread a number, of image `b` and channel `c`; `at` in the image. */
const NUMBER = `
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let number = workgroup * ${THREADS}u + thread;
  let numbers = p.positions * p.channels;
  if (number >= p.images * numbers) { return; }
  let b = number / numbers;
  let at = number % numbers;
  let c = at % p.channels;
  let mean = statistics[p.statisticsOffset + c];
  let inverse = statistics[p.statisticsOffset + p.statisticsStride + c];
  let to = p.toOffset + b * p.toStride + at;`;

/** @param inPlace whether y is x */
export function channelNormForward(inPlace: boolean): Shader {
  return shader(
    "channel_norm_forward",
    PARAMETERS,
    [
      ["y", "f32", "write"],
      ["statistics", "f32", "read"],
      ["weight", "f32", "read"],
      ["bias", "f32", "read"],
      ...inPlace ? [] : [["x", "f32", "read"]] as const,
    ],
    `${NUMBER}
  let difference = ${inPlace ? "y[to]" : "x[p.xOffset + b * p.xStride + at]"} - mean;
  y[to] = difference * (inverse * weight[p.weightOffset + c]) + bias[p.biasOffset + c];
}`,
  );
}

export function channelGradientSums(): Shader {
  return shader(
    "channel_gradient_sums",
    PARAMETERS,
    [["sums", "f32", "write"], ["dy", "f32", "read"], ["x", "f32", "read"], [
      "statistics",
      "f32",
      "read",
    ]],
    `${TOTAL}${READ_X}
fn dyAt(first: u32, i: u32, c: u32) -> f32 {
  return dy[p.dyOffset + (first + i / p.positions) * p.dyStride + i % p.positions * p.channels + c];
}
${PART}
  let mean = statistics[p.statisticsOffset + c];
  let inverse = statistics[p.statisticsOffset + p.statisticsStride + c];
  var plain = 0.0;
  var scaled = 0.0;
  for (var i = thread; i < count; i += ${THREADS}u) {
    let gradient = dyAt(first, i, c);
    plain += gradient;
    scaled += gradient * ((xAt(first, i, c) - mean) * inverse);
  }
  plain = total(thread, plain);
  scaled = total(thread, scaled);
  if (thread > 0u) { return; }
  let at = p.toOffset + part * p.toStride + c;
  sums[at] = plain;
  sums[at + p.channels] = scaled;
}`,
  );
}

export function channelNormGradients(): Shader {
  return shader(
    "channel_norm_gradients",
    PARAMETERS,
    [["dweight", "f32", "write"], ["dbias", "f32", "write"], ["sums", "f32", "read"]],
    `${CHANNEL}
  var plain = 0.0;
  var scaled = 0.0;
  for (var part = 0u; part < p.parts; part++) {
    let at = p.toOffset + part * p.toStride + c;
    plain += sums[at];
    scaled += sums[at + p.channels];
  }
  dbias[p.biasOffset + c] = plain;
  dweight[p.dweightOffset + c] = scaled;
}`,
  );
}

/** @param inPlace whether dx is dy */
export function channelNormBackward(inPlace: boolean): Shader {
  return shader(
    "channel_norm_backward",
    PARAMETERS,
    [
      ["dx", "f32", "write"],
      ["x", "f32", "read"],
      ["statistics", "f32", "read"],
      ["weight", "f32", "read"],
      ["dweight", "f32", "read"],
      ["dbias", "f32", "read"],
      ...inPlace ? [] : [["dy", "f32", "read"]] as const,
    ],
    `${NUMBER}
  let normal = (x[p.xOffset + b * p.xStride + at] - mean) * inverse;
  let gradient = ${inPlace ? "dx[to]" : "dy[p.dyOffset + b * p.dyStride + at]"};
  let rest = gradient - dbias[p.biasOffset + c] * p.share - normal * (dweight[p.dweightOffset + c] * p.share);
  dx[to] = weight[p.weightOffset + c] * inverse * rest;
}`,
  );
}

/** Normalized channels, relu and windows of 2 x 2 in one pass, and its gradient: see lib/backend/kernels.ts and channels.ts. */
import { PARAMETERS, PART, TOTAL } from "./channels.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader, shader, THREADS } from "./shader.ts";

/** The largest normalized value of a window, and where the first such one is in its image. */
const LARGEST = `
struct Largest { value: f32, at: u32 }

// Of image b: the window that begins at its number corner, of channel c.
fn largestOf(b: u32, corner: u32, c: u32) -> Largest {
  let mean = statistics[p.statisticsOffset + c];
  let factor = statistics[p.statisticsOffset + p.statisticsStride + c] * weight[p.weightOffset + c];
  let shift = bias[p.biasOffset + c];
  var found = Largest(0.0, corner);
  for (var i = 0u; i < 4u; i++) {
    let at = corner + ((i >> 1u) * p.width + (i & 1u)) * p.channels;
    let value = (INPUT[p.xOffset + b * p.xStride + at] - mean) * factor + shift;
    if (i == 0u || value > found.value) { found = Largest(value, at); }
  }
  return found;
}`;

const largest = (input: string) => LARGEST.replace("INPUT", input);

const STATISTICS = [["statistics", "f32", "read"], ["weight", "f32", "read"], [
  "bias",
  "f32",
  "read",
]] as const;

/** A thread a window: `at` in the matrix of windows, `corner` in the image. */
export function channelNormPoolForward(): Shader {
  return shader(
    "channel_norm_pool_forward",
    PARAMETERS,
    [["y", "f32", "write"], ["x", "f32", "read"], ...STATISTICS],
    `${largest("x")}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let number = workgroup * ${THREADS}u + thread;
  let across = p.width / 2u;
  let numbers = p.positions / p.width / 2u * across * p.channels;
  if (number >= p.images * numbers) { return; }
  let b = number / numbers;
  let at = number % numbers;
  let c = at % p.channels;
  let place = at / p.channels;
  let corner = (place / across * 2u * p.width + place % across * 2u) * p.channels + c;
  y[p.toOffset + b * p.toStride + at] = max(largestOf(b, corner, c).value, 0.0);
}`,
  );
}

/** A workgroup a channel of a part, as channelGradientSums: `count` counts pixels, and of windows there are a quarter. */
export function channelPoolSums(): Shader {
  return shader(
    "channel_pool_sums",
    PARAMETERS,
    [["sums", "f32", "write"], ["dy", "f32", "read"], ["x", "f32", "read"], ...STATISTICS],
    `${TOTAL}${largest("x")}${PART}
  let mean = statistics[p.statisticsOffset + c];
  let inverse = statistics[p.statisticsOffset + p.statisticsStride + c];
  let across = p.width / 2u;
  let places = p.positions / p.width / 2u * across;
  let windows = count / p.positions * places;
  var plain = 0.0;
  var scaled = 0.0;
  for (var i = thread; i < windows; i += ${THREADS}u) {
    let b = first + i / places;
    let place = i % places;
    let corner = (place / across * 2u * p.width + place % across * 2u) * p.channels + c;
    let found = largestOf(b, corner, c);
    if (found.value > 0.0) {
      let gradient = dy[p.dyOffset + b * p.dyStride + place * p.channels + c];
      plain += gradient;
      scaled += gradient * ((x[p.xOffset + b * p.xStride + found.at] - mean) * inverse);
    }
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

/**
 * A thread a window, so that x may be overwritten, or a pixel of the rest at the right and below, which is in none: of an image,
 * windows of (height + 1) / 2 x (width + 1) / 2.
 *
 * @param inPlace whether dx is x
 */
export function channelNormPoolBackward(inPlace: boolean): Shader {
  const x = inPlace ? "dx" : "x";
  return shader(
    "channel_norm_pool_backward",
    PARAMETERS,
    [
      ["dx", "f32", "write"],
      ["dy", "f32", "read"],
      ...STATISTICS,
      ["dweight", "f32", "read"],
      ["dbias", "f32", "read"],
      ...inPlace ? [] : [["x", "f32", "read"]] as const,
    ],
    `${largest(x)}
@compute @workgroup_size(${THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let number = workgroup * ${THREADS}u + thread;
  let height = p.positions / p.width;
  let columns = (p.width + 1u) / 2u;
  let numbers = (height + 1u) / 2u * columns * p.channels;
  if (number >= p.images * numbers) { return; }
  let b = number / numbers;
  let c = number % p.channels;
  let place = number % numbers / p.channels;
  let row = place / columns * 2u;
  let column = place % columns * 2u;
  let corner = (row * p.width + column) * p.channels + c;
  var given = Largest(0.0, 0u);
  if (row + 1u < height && column + 1u < p.width) {
    let found = largestOf(b, corner, c);
    let window = (row / 2u * (p.width / 2u) + column / 2u) * p.channels + c;
    if (found.value > 0.0) { given = Largest(dy[p.dyOffset + b * p.dyStride + window], found.at); }
  }
  let mean = statistics[p.statisticsOffset + c];
  let inverse = statistics[p.statisticsOffset + p.statisticsStride + c];
  let factor = weight[p.weightOffset + c] * inverse;
  let plain = dbias[p.dbiasOffset + c] * p.share;
  let scaled = dweight[p.dweightOffset + c] * p.share;
  for (var i = 0u; i < 4u; i++) {
    if (row + (i >> 1u) >= height || column + (i & 1u) >= p.width) { continue; }
    let at = corner + ((i >> 1u) * p.width + (i & 1u)) * p.channels;
    let normal = (${x}[p.xOffset + b * p.xStride + at] - mean) * inverse;
    let gradient = select(0.0, given.value, given.at == at);
    dx[p.toOffset + b * p.toStride + at] = factor * (gradient - plain - normal * scaled);
  }
}`,
  );
}

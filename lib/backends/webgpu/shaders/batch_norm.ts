/**
 * Batch normalization of columns and its gradient: see assembly/batch_norm.ts. As in column_sums.ts a
 * workgroup takes 8 vec4 of columns, and 32 threads a column add every 32nd row and then each other's
 * sums, in one order whatever the device.
 */
import { type Shader, shader } from "./shader.ts";

/** Columns of a workgroup, in vec4, and threads that share each. */
export const BATCH_NORM_WIDTH = 8;
const LANES = 32;

/** The sum over a column's threads, for all of them. All threads of the workgroup have to call it. */
const COLUMN_TOTAL = `
var<workgroup> partial: array<array<vec4f, ${BATCH_NORM_WIDTH}>, ${LANES}>;

fn columnTotal(thread: vec3u, value: vec4f) -> vec4f {
  partial[thread.y][thread.x] = value;
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread.y < half) { partial[thread.y][thread.x] += partial[thread.y + half][thread.x]; }
  }
  workgroupBarrier();
  let total = partial[0][thread.x];
  workgroupBarrier();
  return total;
}`;

/** `j`, the column of the thread in vec4, and whether there is one. */
const BEGINNING = `
@compute @workgroup_size(${BATCH_NORM_WIDTH}, ${LANES})
fn main(@builtin(workgroup_id) groupId: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let column = groupId.x * ${BATCH_NORM_WIDTH}u + thread.x;
  let inside = column < p.stride;
  let j = min(column, p.stride - 1u);`;

export function batchNormForward(): Shader {
  return shader(
    "batch_norm_forward",
    `rows: u32, stride: u32, yOffset: u32, statisticsOffset: u32, runningOffset: u32, xOffset: u32,
  weightOffset: u32, biasOffset: u32, share: f32, unbiased: f32, momentum: f32, epsilon: f32`,
    [
      ["y", "vec4f", "write"],
      ["statistics", "vec4f", "write"],
      ["running", "vec4f", "write"],
      ["x", "vec4f", "read"],
      ["weight", "vec4f", "read"],
      ["bias", "vec4f", "read"],
    ],
    `${COLUMN_TOTAL}
${BEGINNING}
  var sum = vec4f(0.0);
  for (var i = thread.y; i < p.rows; i += ${LANES}u) { sum += x[p.xOffset + i * p.stride + j]; }
  let mean = columnTotal(thread, sum) * p.share;
  sum = vec4f(0.0);
  for (var i = thread.y; i < p.rows; i += ${LANES}u) {
    let difference = x[p.xOffset + i * p.stride + j] - mean;
    sum += difference * difference;
  }
  let variance = columnTotal(thread, sum) * p.share;
  let inverse = inverseSqrt(variance + p.epsilon);
  if (!inside) { return; }
  if (thread.y == 0u) {
    statistics[p.statisticsOffset + j] = mean;
    statistics[p.statisticsOffset + p.stride + j] = inverse;
    let at = p.runningOffset + j;
    running[at] += p.momentum * (mean - running[at]);
    let below = at + p.stride;
    running[below] += p.momentum * (variance * p.unbiased - running[below]);
  }
  let factor = inverse * weight[p.weightOffset + j];
  let shift = bias[p.biasOffset + j];
  for (var i = thread.y; i < p.rows; i += ${LANES}u) {
    let difference = x[p.xOffset + i * p.stride + j] - mean;
    y[p.yOffset + i * p.stride + j] = difference * factor + shift;
  }
}`,
  );
}

/** @param inPlace whether dx is dy */
export function batchNormBackward(inPlace: boolean): Shader {
  const gradient = inPlace
    ? "dx[p.dxOffset + i * p.stride + j]"
    : "dy[p.dyOffset + i * p.stride + j]";
  return shader(
    "batch_norm_backward",
    `rows: u32, stride: u32, dxOffset: u32, dweightOffset: u32, dbiasOffset: u32, dyOffset: u32,
  xOffset: u32, statisticsOffset: u32, weightOffset: u32, share: f32`,
    [
      ["dx", "vec4f", "write"],
      ["dweight", "vec4f", "write"],
      ["dbias", "vec4f", "write"],
      ["x", "vec4f", "read"],
      ["statistics", "vec4f", "read"],
      ["weight", "vec4f", "read"],
      ...inPlace ? [] : [["dy", "vec4f", "read"]] as const,
    ],
    `${COLUMN_TOTAL}
${BEGINNING}
  let mean = statistics[p.statisticsOffset + j];
  let inverse = statistics[p.statisticsOffset + p.stride + j];
  var sum = vec4f(0.0);
  var product = vec4f(0.0);
  for (var i = thread.y; i < p.rows; i += ${LANES}u) {
    let gradient = ${gradient};
    sum += gradient;
    product += gradient * ((x[p.xOffset + i * p.stride + j] - mean) * inverse);
  }
  sum = columnTotal(thread, sum);
  product = columnTotal(thread, product);
  if (!inside) { return; }
  if (thread.y == 0u) {
    dbias[p.dbiasOffset + j] = sum;
    dweight[p.dweightOffset + j] = product;
  }
  let factor = inverse * weight[p.weightOffset + j];
  sum *= p.share;
  product *= p.share;
  for (var i = thread.y; i < p.rows; i += ${LANES}u) {
    let normal = (x[p.xOffset + i * p.stride + j] - mean) * inverse;
    dx[p.dxOffset + i * p.stride + j] = factor * ((${gradient} - sum) - normal * product);
  }
}`,
  );
}

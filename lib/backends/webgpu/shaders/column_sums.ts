/**
 * sums[0, j] = sum over i of x[i, j]. A workgroup takes 8 vec4 of columns; 32 threads a column add
 * every 32nd row and then each other's sums, in one order whatever the device.
 */
import { type Shader, shader } from "./shader.ts";

/** Columns of a workgroup, in vec4, and threads that share each. */
export const COLUMN_SUMS_WIDTH = 8;
const LANES = 32;

export function columnSums(): Shader {
  return shader(
    "column_sums",
    "rows: u32, stride: u32, sumsOffset: u32, xOffset: u32",
    [["sums", "vec4f", "write"], ["x", "vec4f", "read"]],
    `
var<workgroup> partial: array<array<vec4f, ${COLUMN_SUMS_WIDTH}>, ${LANES}>;

@compute @workgroup_size(${COLUMN_SUMS_WIDTH}, ${LANES})
fn main(@builtin(workgroup_id) groupId: vec3u, @builtin(local_invocation_id) thread: vec3u) {
  let column = groupId.x * ${COLUMN_SUMS_WIDTH}u + thread.x;
  let inside = min(column, p.stride - 1u);
  var sum = vec4f(0.0);
  for (var i = thread.y; i < p.rows; i += ${LANES}u) {
    sum += x[p.xOffset + i * p.stride + inside];
  }
  partial[thread.y][thread.x] = sum;
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread.y < half) {
      partial[thread.y][thread.x] += partial[thread.y + half][thread.x];
    }
  }
  if (thread.y == 0u && column < p.stride) {
    sums[p.sumsOffset + column] = partial[0][thread.x];
  }
}`,
  );
}

/**
 * scale[0, 0] = min(1, maxNorm / (norm + 1e-6)), norm = sqrt(sum of sums), by one workgroup; NaN where
 * the norm is not finite. See assembly/clip_scale.ts.
 */
import { BITS } from "./math/bits.ts";
import { type Shader, shader } from "./shader.ts";

const LANES = 256;

/** Both matrices as float32, four to a row. */
export function clipScale(): Shader {
  return shader(
    "clip_scale",
    "rows: u32, scaleOffset: u32, sumsOffset: u32, maxNorm: f32",
    [["scale", "u32", "write"], ["sums", "f32", "read"]],
    `${BITS}
var<workgroup> partial: array<f32, ${LANES}>;

@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < p.rows; i += ${LANES}u) { sum += sums[4u * (p.sumsOffset + i)]; }
  partial[thread] = sum;
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { partial[thread] += partial[thread + half]; }
  }
  if (thread == 0u) {
    let isFinite = (bitcast<u32>(partial[0]) & INFINITY_BITS) != INFINITY_BITS;
    let factor = min(1.0, p.maxNorm / (sqrt(partial[0]) + 1e-6));
    scale[4u * p.scaleOffset] = select(NAN_BITS, bitcast<u32>(factor), isFinite);
  }
}`,
  );
}

// Gathers the windows of six positions of a padded image as a tile of A (gemm/pack.ts): its steps are the taps of the window
// and the channels of a group. A run of steps lies side by side in each of the six windows.
import { A_STEP } from "../gemm/pack";

/** Writes a step: four values, and the other two twice. */
// @ts-ignore: decorator
@inline
function put(to: usize, four: v128, pairs: v128): void {
  v128.store(to, four);
  v128.store(to, pairs, 16);
}

/**
 * One run of `length` steps.
 *
 * @param p0 where it begins in the first window, and so on
 * @returns where the next step goes
 */
// @ts-ignore: decorator
@inline
export function packRun(
  to: usize,
  length: i32,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  p4: usize,
  p5: usize,
): usize {
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    const at = <usize>k << 2;
    const r0 = v128.load(p0 + at);
    const r1 = v128.load(p1 + at);
    const r2 = v128.load(p2 + at);
    const r3 = v128.load(p3 + at);
    const r4 = v128.load(p4 + at);
    const r5 = v128.load(p5 + at);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const low45 = v128.shuffle<f32>(r4, r5, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    const high45 = v128.shuffle<f32>(r4, r5, 2, 6, 3, 7);
    put(to, v128.shuffle<i64>(low01, low23, 0, 2), v128.shuffle<i64>(low45, low45, 0, 0));
    put(to + 32, v128.shuffle<i64>(low01, low23, 1, 3), v128.shuffle<i64>(low45, low45, 1, 1));
    put(to + 64, v128.shuffle<i64>(high01, high23, 0, 2), v128.shuffle<i64>(high45, high45, 0, 0));
    put(to + 96, v128.shuffle<i64>(high01, high23, 1, 3), v128.shuffle<i64>(high45, high45, 1, 1));
    to += 4 * A_STEP;
  }
  for (; k < length; k++) {
    const at = <usize>k << 2;
    let four = v128.load32_zero(p0 + at);
    four = v128.load32_lane(p1 + at, four, 1);
    four = v128.load32_lane(p2 + at, four, 2);
    four = v128.load32_lane(p3 + at, four, 3);
    let pair = v128.load32_zero(p4 + at);
    pair = v128.load32_lane(p5 + at, pair, 1);
    put(to, four, v128.shuffle<i64>(pair, pair, 0, 0));
    to += A_STEP;
  }
  return to;
}

/** The same where the six windows begin at neighboring numbers, as those of one channel do: a step is six of a row. */
// @ts-ignore: decorator
@inline
export function packNeighbors(to: usize, length: i32, p0: usize): usize {
  for (let k = 0; k < length; k++) {
    const at = p0 + (<usize>k << 2);
    put(to, v128.load(at), v128.load64_splat(at, 16));
    to += A_STEP;
  }
  return to;
}

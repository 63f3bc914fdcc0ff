// sums[j] = sum over i of x[i, j]: the gradient of a bias. Rows are added from top to bottom, so the bits do not depend
// on how the columns are shared out.
import { loadLanes, storeLanes } from "./simd";

/** sums: O float32, columns `begin` to `end` (begin a multiple of 4); x: B x O float32. */
export function columnSums(sums: usize, x: usize, rows: i32, columns: i32, begin: i32, end: i32): void {
  const stride = <usize>columns << 2;
  const bottom = x + <usize>rows * stride;
  let j = begin;
  for (; j + 4 <= end; j += 4) {
    const at = <usize>j << 2;
    let sum = f32x4.splat(0);
    for (let p = x; p < bottom; p += stride) sum = f32x4.add(sum, v128.load(p + at));
    v128.store(sums + at, sum);
  }
  if (j < end) {
    const at = <usize>j << 2;
    let sum = f32x4.splat(0);
    for (let p = x; p < bottom; p += stride) sum = f32x4.add(sum, loadLanes(p + at, end - j));
    storeLanes(sums + at, sum, end - j);
  }
}

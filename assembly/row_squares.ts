// sums[i] = sum over j of x[i, j]^2: a part of a gradient's norm. A row belongs to one thread and its columns are added in
// one order, so the bits do not depend on how the rows are shared out.
import { loadLanes, madd, sumLanes } from "./simd";

/** sums: one float32 a row; x: B x O float32; rows `begin` to `end`. */
export function rowSquares(sums: usize, x: usize, columns: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) {
    const row = x + (<usize>i * <usize>columns << 2);
    let sum = f32x4.splat(0);
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const four = v128.load(row + (<usize>j << 2));
      sum = madd(four, four, sum);
    }
    if (j < columns) {
      const rest = loadLanes(row + (<usize>j << 2), columns - j);
      sum = madd(rest, rest, sum);
    }
    store<f32>(sums + (<usize>i << 2), sumLanes(sum));
  }
}

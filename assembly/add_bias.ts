// y[i, :] = x[i, :] + bias. y may be x.
import { loadLanes, storeLanes } from "./simd";

/** y and x: B x O float32, rows `begin` to `end`; bias: O float32. */
export function addBias(y: usize, x: usize, bias: usize, outputs: i32, begin: i32, end: i32): void {
  const rest = outputs & 3;
  const vectors = <usize>(outputs & ~3) << 2;
  for (let i = begin; i < end; i++) {
    const row = (<usize>i * outputs) << 2;
    for (let j: usize = 0; j < vectors; j += 16) {
      v128.store(y + row + j, f32x4.add(v128.load(x + row + j), v128.load(bias + j)));
    }
    if (rest) {
      const at = row + vectors;
      storeLanes(y + at, f32x4.add(loadLanes(x + at, rest), loadLanes(bias + vectors, rest)), rest);
    }
  }
}

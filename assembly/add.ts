// y = (a + b) factor, element by element. y may be a. A factor of 1 changes nothing.
import { loadUpTo, storeUpTo } from "./simd";

/** Elements `begin` to `end` (begin a multiple of 4), counted over the whole matrix. */
export function add(y: usize, a: usize, b: usize, factor: f32, begin: i32, end: i32): void {
  const factors = f32x4.splat(factor);
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    v128.store(y + at, f32x4.mul(f32x4.add(v128.load(a + at), v128.load(b + at)), factors));
  }
  if (i < end) {
    const at = <usize>i << 2;
    const count = end - i;
    const sum = f32x4.add(loadUpTo(a + at, count), loadUpTo(b + at, count));
    storeUpTo(y + at, f32x4.mul(sum, factors), count);
  }
}

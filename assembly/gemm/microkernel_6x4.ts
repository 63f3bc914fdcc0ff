// The half as wide micro-kernel, for the last panel of a B whose columns leave four or fewer: of the baseline's 100 hidden
// units and 10 classes both do. Half the accumulators do not quite keep two multiply-add pipes busy (a sum waits four cycles
// for the one before it, and six of them are started meanwhile rather than eight), but a second set of them, for every
// other step, would make the result depend on which steps are left out.
//
// Layout and rotations are those of microkernel_6x8.ts; the panel of B is as wide as any other, its right half not read.
import { madd } from "../simd";
import { rotate, straighten, swap, writeHalfRow } from "./microkernel_6x8";

/** As microkernel6x8Indexed, for the four columns at `c`. */
export function microkernel6x4Indexed(
  c: usize,
  stride: usize,
  a: usize,
  offsets: usize,
  b: usize,
  steps: i32,
  accumulate: bool,
): void {
  let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0, e0 = d0, e1 = d0;

  const end = a + <usize>(steps << 5);
  const pairsEnd = a + <usize>((steps & ~1) << 5);
  while (a < pairsEnd) {
    let a0 = v128.load(a);
    let b0 = v128.load(b + <usize>load<u16>(offsets));
    d0 = madd(a0, b0, d0); a0 = rotate(a0);
    d1 = madd(a0, b0, d1); a0 = rotate(a0);
    d2 = madd(a0, b0, d2); a0 = rotate(a0);
    d3 = madd(a0, b0, d3);
    a0 = v128.load(a, 16);
    e0 = madd(a0, b0, e0); a0 = swap(a0);
    e1 = madd(a0, b0, e1);

    a0 = v128.load(a, 32);
    b0 = v128.load(b + <usize>load<u16>(offsets, 2));
    d0 = madd(a0, b0, d0); a0 = rotate(a0);
    d1 = madd(a0, b0, d1); a0 = rotate(a0);
    d2 = madd(a0, b0, d2); a0 = rotate(a0);
    d3 = madd(a0, b0, d3);
    a0 = v128.load(a, 48);
    e0 = madd(a0, b0, e0); a0 = swap(a0);
    e1 = madd(a0, b0, e1);

    a += 64;
    offsets += 4;
  }
  if (a < end) {
    let a0 = v128.load(a);
    const b0 = v128.load(b + <usize>load<u16>(offsets));
    d0 = madd(a0, b0, d0); a0 = rotate(a0);
    d1 = madd(a0, b0, d1); a0 = rotate(a0);
    d2 = madd(a0, b0, d2); a0 = rotate(a0);
    d3 = madd(a0, b0, d3);
    a0 = v128.load(a, 16);
    e0 = madd(a0, b0, e0); a0 = swap(a0);
    e1 = madd(a0, b0, e1);
  }

  writeHalfRow(c, straighten(d0, d3, d2, d1), accumulate);
  c += stride;
  writeHalfRow(c, straighten(d1, d0, d3, d2), accumulate);
  c += stride;
  writeHalfRow(c, straighten(d2, d1, d0, d3), accumulate);
  c += stride;
  writeHalfRow(c, straighten(d3, d2, d1, d0), accumulate);
  c += stride;
  writeHalfRow(c, straighten(e0, e1, e0, e1), accumulate);
  c += stride;
  writeHalfRow(c, straighten(e1, e0, e1, e0), accumulate);
}

// e^x for four float32 at once.
//
// Cody and Waite's reduction x = n ln 2 + r with |r| <= ln 2 / 2 (ln 2 in two parts, the first with zeros at its end, so
// that n times it is exact), then Cephes' polynomial (expf.c, S. Moshier) for e^r, then 2^n in two factors, so that
// results below the normal range lose precision gradually instead of becoming zero.
//
// Relative error at most 1e-7 where the result is a normal number; at most one unit of the last place (1.4e-45) below.
// e^x is infinite above 88.7228, zero below -103.98; e^NaN is NaN.
import { madd } from "../simd";

/** 1.5 x 2^23: float32 of this size are whole numbers. */
const WHOLE: f32 = 12582912;

// The constants lie in memory, because V8 makes a constant vector anew wherever it is used, of four instructions, and loads
// one from a fixed address with one.
const CONSTANTS = memory.data<f32>([
  -105,
  89,
  1.44269504, // 1 / ln 2
  WHOLE,
  0.693359375, // ln 2, its first bits
  -2.12194440e-4, // and the rest
  1.9875691500e-4, // the polynomial, highest power first
  1.3981999507e-3,
  8.3334519073e-3,
  4.1665795894e-2,
  1.6666665459e-1,
  5.0000001201e-1,
  1,
]);

// @ts-ignore: decorator
@inline
function constant(index: i32): v128 {
  return v128.load32_splat(CONSTANTS + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // pmin and pmax are one instruction each, and with x first they let NaN through; min and max are seven.
  x = f32x4.pmin(f32x4.pmax(x, constant(0)), constant(1));
  // Added to WHOLE, a number is rounded to a whole one, which then stands in the low bits.
  const whole = constant(3);
  const shifted = madd(x, constant(2), whole);
  const n = f32x4.sub(shifted, whole);
  let r = f32x4.sub(x, f32x4.mul(n, constant(4)));
  r = f32x4.sub(r, f32x4.mul(n, constant(5)));

  let p = madd(constant(6), r, constant(7));
  p = madd(p, r, constant(8));
  p = madd(p, r, constant(9));
  p = madd(p, r, constant(10));
  p = madd(p, r, constant(11));
  const one = constant(12);
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), one);

  // 2^n in two factors, each the number 1 with its exponent moved.
  const exponent = i32x4.sub(shifted, whole);
  const half = i32x4.shr_s(exponent, 1);
  const rest = i32x4.sub(exponent, half);
  const scaled = f32x4.mul(p, i32x4.add(one, i32x4.shl(half, 23)));
  return f32x4.mul(scaled, i32x4.add(one, i32x4.shl(rest, 23)));
}

/** The same as a call, for where it is asked for seldom or with one number: a copy of the code would be long. */
export function expCalled(x: v128): v128 {
  return exp(x);
}

// e^x for four float32 at once.
//
// Cody and Waite's reduction x = n ln 2 + r with |r| <= ln 2 / 2 (ln 2 in two parts, the first with zeros at its end, so
// that n times it is exact), then Cephes' polynomial (expf.c, S. Moshier) for e^r, then 2^n in two factors, so that
// results below the normal range lose precision gradually instead of becoming zero.
//
// Relative error at most 1e-7 where the result is a normal number; at most one unit of the last place (1.4e-45) below.
// e^x is infinite above 88.7228, zero below -103.98; e^NaN is NaN.
import { madd } from "../simd";

// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-105)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));

  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));

  const exponent = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(exponent, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(exponent, half)));
}

/** 2^n for integers n from -126 to 127: the bits of its exponent field. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

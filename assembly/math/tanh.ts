// The hyperbolic tangent of four float32 at once.
//
// Below 0.625 Cephes' odd polynomial (tanhf.c, S. Moshier), because 1 - 2 / (e^2|x| + 1) cancels there; above it that
// formula, with the sign put back. Relative error at most 1.5e-7 over all of float32, subnormal results included.
import { madd } from "../simd";
import { exp } from "./exp";

// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-5.70498872745e-3), square, f32x4.splat(2.06390887954e-2));
  p = madd(p, square, f32x4.splat(-5.37397155531e-2));
  p = madd(p, square, f32x4.splat(1.33314422036e-1));
  p = madd(p, square, f32x4.splat(-3.33332819422e-1));
  const small = madd(f32x4.mul(p, square), x, x);

  const one = f32x4.splat(1);
  const e = exp(f32x4.add(magnitude, magnitude));
  const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const signed = v128.or(large, v128.and(x, f32x4.splat(-0.0)));

  return v128.bitselect(small, signed, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

// The tail of the standard normal distribution, Q(t) = 1 - Phi(t) for t >= 0, in two factors, for four float32 at once:
//
//   Q(t) = e^(-t^2 / 2) R(t)        R(t) = erfcx(t / sqrt 2) / 2, from 1/2 at 0 to about 0.4 / t far out
//
// R is v p(v) with v = 3 / (t + 3) and a polynomial p of degree 9, fitted to R on 0 <= t <= 15 for the least relative
// error (tests/golden/fit_normal_tail.py). In units of 2^-24, R's relative error is at most 0.6 of the fit, 4.8 of v (two
// roundings, which R magnifies up to 2.4 times) and 5.7 of Horner's scheme: 11.03 together.
//
// The exponential of a rounded t^2 would be off by t^2 / 2 roundings. So the rounding of the square is found (Dekker, 1971:
// the first 12 bits and the rest of t have exact products) and the exponential corrected by it: relative error 1e-7 of exp
// and one rounding, 2.7 units. Where e^(-t^2 / 2) is below the normal range, one unit of the last place.
import { madd } from "../simd";
import { exp } from "./exp";

/** From here on e^(-t^2 / 2) is zero in float32; a t that is larger is to be taken for this. */
export const NORMAL_END: f32 = 15;

// In memory, for what math/exp.ts says.
const CONSTANTS = memory.data<f32>([
  -0.00930355582, // p, highest power first
  0.0248512961,
  0.0247416422,
  -0.141245946,
  0.119157515,
  -0.00435261987,
  0.104546495,
  0.115378015,
  0.133257851,
  0.13296929,
  3,
]);

// @ts-ignore: decorator
@inline
function constant(index: i32): v128 {
  return v128.load32_splat(CONSTANTS + (<usize>index << 2));
}

/** e^(-t^2 / 2), for t from 0 to NORMAL_END; NaN of NaN. */
// @ts-ignore: decorator
@inline
export function normalExponential(t: v128): v128 {
  const square = f32x4.mul(t, t);
  const head = v128.and(t, i32x4.splat(0xfffff000));
  const rest = f32x4.sub(t, head);
  const both = f32x4.mul(head, rest);
  // t^2 - square.
  let error = f32x4.sub(f32x4.mul(head, head), square);
  error = f32x4.add(f32x4.add(error, f32x4.add(both, both)), f32x4.mul(rest, rest));
  const half = f32x4.splat(0.5);
  const e = exp(f32x4.neg(f32x4.mul(half, square)));
  return f32x4.sub(e, f32x4.mul(e, f32x4.mul(half, error)));
}

/** R(t), for t from 0 to NORMAL_END; NaN of NaN. */
// @ts-ignore: decorator
@inline
export function normalRatio(t: v128): v128 {
  const three = constant(10);
  const v = f32x4.div(three, f32x4.add(t, three));
  let p = madd(constant(0), v, constant(1));
  p = madd(p, v, constant(2));
  p = madd(p, v, constant(3));
  p = madd(p, v, constant(4));
  p = madd(p, v, constant(5));
  p = madd(p, v, constant(6));
  p = madd(p, v, constant(7));
  p = madd(p, v, constant(8));
  p = madd(p, v, constant(9));
  return f32x4.mul(p, v);
}

/**
 * The natural logarithm, by the method of assembly/math/log.ts: x = m 2^e with m from sqrt(1/2) to
 * sqrt(2), Cephes' polynomial for ln m, and e ln 2 in two parts. Relative error at most 1e-7, for
 * x >= 1; infinity and NaN are their own logarithms.
 */
export const LOG = `
fn logOf(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) >= 0x7f800000u) { return x; }
  // Adding the distance from sqrt(1/2) to 1 carries into the exponent where m should be halved.
  let shifted = bits + (0x3f800000u - 0x3f3504f3u);
  let e = f32(i32(shifted >> 23u) - 127);
  let m = bitcast<f32>((shifted & 0x007fffffu) + 0x3f3504f3u) - 1.0;
  var polynomial = fma(7.0376836292e-2, m, -1.1514610310e-1);
  polynomial = fma(polynomial, m, 1.1676998740e-1);
  polynomial = fma(polynomial, m, -1.2420140846e-1);
  polynomial = fma(polynomial, m, 1.4249322787e-1);
  polynomial = fma(polynomial, m, -1.6668057665e-1);
  polynomial = fma(polynomial, m, 2.0000714765e-1);
  polynomial = fma(polynomial, m, -2.4999993993e-1);
  polynomial = fma(polynomial, m, 3.3333331174e-1);
  let square = m * m;
  let tail = fma(polynomial * m, square, fma(-2.12194440e-4, e, -0.5 * square));
  return fma(0.693359375, e, m + tail);
}
`;

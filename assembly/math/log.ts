// The natural logarithm of one float32.
//
// x = m 2^e with m from sqrt(1/2) to sqrt(2); Cephes' polynomial (logf.c, S. Moshier) for ln m; e ln 2 added in two
// parts. Relative error at most 1e-7 for positive normal x. It is called with x >= 1 only, so that neither subnormal nor negative x is of concern.

/** A call: once a row it costs little, and copies of the code would be long. */
export function log(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  // Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly where m should be halved.
  const shifted = bits + (0x3f800000 - 0x3f3504f3);
  const e = <f32>((shifted >> 23) - 127);
  const m = reinterpret<f32>((shifted & 0x007fffff) + 0x3f3504f3) - 1;
  if (!(x < Infinity)) return x;

  let p: f32 = 7.0376836292e-2;
  p = p * m - 1.1514610310e-1;
  p = p * m + 1.1676998740e-1;
  p = p * m - 1.2420140846e-1;
  p = p * m + 1.4249322787e-1;
  p = p * m - 1.6668057665e-1;
  p = p * m + 2.0000714765e-1;
  p = p * m - 2.4999993993e-1;
  p = p * m + 3.3333331174e-1;
  const square = m * m;
  const tail = p * m * square - 2.12194440e-4 * e - 0.5 * square;
  return m + tail + 0.693359375 * e;
}

/** ln(1 + x) for x from 0 to 1, by the rounding of 1 + x (Kahan). Relative error at most 3e-7; NaN of NaN. */
export function log1p(x: f32): f32 {
  const sum = <f32>1 + x;
  return sum == 1 ? x : log(sum) * (x / (sum - 1));
}

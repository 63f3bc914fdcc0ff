/**
 * The hyperbolic tangent, by the method of assembly/math/tanh.ts: Cephes' odd polynomial below 0.625,
 * 1 - 2 / (e^2|x| + 1) above. Relative error at most 1.5e-7; x itself below the normal range. Needs
 * BITS, EXP and divide.
 */
export const TANH = `
fn tanhBits(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  if (isNan(bits)) { return NAN_BITS; }
  if ((bits & INFINITY_BITS) == 0u) { return bits; }
  let magnitude = abs(x);
  if (magnitude < 0.625) {
    let square = x * x;
    var polynomial = fma(-5.70498872745e-3, square, 2.06390887954e-2);
    polynomial = fma(polynomial, square, -5.37397155531e-2);
    polynomial = fma(polynomial, square, 1.33314422036e-1);
    polynomial = fma(polynomial, square, -3.33332819422e-1);
    return bitcast<u32>(fma(polynomial * square, x, x));
  }
  // From 9.02 on it is 1.
  let e = expOf(2.0 * min(magnitude, 10.0));
  let result = 1.0 - divide(2.0, e + 1.0);
  return bitcast<u32>(result) | (bits & 0x80000000u);
}

fn tanhOf(x: vec4f) -> vec4u {
  return vec4u(tanhBits(x.x), tanhBits(x.y), tanhBits(x.z), tanhBits(x.w));
}

fn tanhGradient(dy: vec4f, y: vec4f) -> vec4f {
  return dy * (1.0 - y * y);
}
`;

/**
 * The logistic function from e^-|x|, which cannot overflow. Relative error at most 1.8e-7, below
 * the normal range at most one unit of the last place. Needs BITS, EXP and divide.
 */
export const SIGMOID = `
/** Below this the sigmoid is e^x, to the last bit. */
const SIGMOID_TAIL = -87.0;

fn sigmoidBits(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  if (isNan(bits)) { return NAN_BITS; }
  let e = bitsOf(expScaled(-abs(x)));
  if (x < SIGMOID_TAIL) { return e; }
  let numerator = select(1.0, bitcast<f32>(e), x < 0.0);
  return bitcast<u32>(divide(numerator, 1.0 + bitcast<f32>(e)));
}

fn sigmoidOf(x: vec4f) -> vec4u {
  return vec4u(sigmoidBits(x.x), sigmoidBits(x.y), sigmoidBits(x.z), sigmoidBits(x.w));
}

fn sigmoidGradient(dy: vec4f, y: vec4f) -> vec4f {
  return dy * (y * (1.0 - y));
}
`;

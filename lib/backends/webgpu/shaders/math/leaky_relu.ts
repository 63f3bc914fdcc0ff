/** x where it is positive, else 0.01 x, and its gradient. Needs BITS and RELU. */
export const LEAKY_RELU = `
const LEAKY_SLOPE = 0.01;

fn leakyReluOf(x: vec4f) -> vec4u {
  let bits = bitcast<vec4u>(x);
  let isLarge = (bits & vec4u(0x7fffffffu)) > vec4u(INFINITY_BITS);
  return select(bitcast<vec4u>(x * LEAKY_SLOPE), bits, isLarge | isPositive(bits));
}

fn leakyReluGradient(dy: vec4f, y: vec4f) -> vec4f {
  return select(dy * LEAKY_SLOPE, dy, isPositive(bitcast<vec4u>(y)));
}
`;

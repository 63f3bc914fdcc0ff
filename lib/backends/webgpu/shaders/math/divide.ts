/**
 * a / b, within one unit of the last place, b neither zero nor infinite. WGSL allows its own
 * division 2.5 units. On a GPU a fused multiply-add gives the remainder of that quotient exactly,
 * and corrects it; a software adapter divides as IEEE 754 has it, and need not fuse.
 */
export function divide(software: boolean): string {
  return software ? "fn divide(a: f32, b: f32) -> f32 { return a / b; }" : `
fn divide(a: f32, b: f32) -> f32 {
  let inverse = 1.0 / b;
  let quotient = a * inverse;
  return fma(fma(-quotient, b, a), inverse, quotient);
}
`;
}

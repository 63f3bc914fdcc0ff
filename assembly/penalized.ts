// The gradient that an update follows: the batch's, scaled (see clip_scale.ts), and its share of the penalties
// l1 sum|w| + l2 / 2 sum w^2.

/** dw * scale + l1 * sign(w) + l2 * w, of four lanes each. */
// @ts-ignore: decorator
@inline
export function penalized(w: v128, dw: v128, scale: v128, l1: v128, l2: v128): v128 {
  // sign(w): the sign bit of w over 1, and 0 where w is 0.
  const sign = v128.and(
    v128.or(v128.and(w, f32x4.splat(-0.0)), f32x4.splat(1)),
    f32x4.ne(w, f32x4.splat(0)),
  );
  return f32x4.add(f32x4.mul(dw, scale), f32x4.add(f32x4.mul(l1, sign), f32x4.mul(l2, w)));
}

/** Four lanes of the float32 at `scale`; of 1, which changes no bit of a product, where there is none. */
// @ts-ignore: decorator
@inline
export function scaleAt(scale: usize): v128 {
  return scale == 0 ? f32x4.splat(1) : v128.load32_splat(scale);
}

// Packs a block of B, multiplied by alpha. See pack.ts for the layout.
import { madd } from "../simd";
import { NR } from "./blocking";
import { B_STEP, elementOf } from "./pack";
import { loadStep } from "./pack_floats";

/**
 * Packs columns `begin` to `end` of alpha op(B), NR a panel.
 *
 * @param to      16-byte aligned; ceil((end - begin) / NR) * NR * steps float32
 * @param b       the operand, row-major
 * @param columns of the operand as it is stored
 * @param across  whether it is transposed
 * @param alpha   and alphaRest: their sum is the factor, of which `alphaRest` is the part that a float32 has no room for,
 *                zero or of the same sign, so that infinities stay what they are
 * @returns whether every number is finite
 */
export function packB(
  to: usize,
  b: usize,
  columns: i32,
  across: bool,
  alpha: f32,
  alphaRest: f32,
  begin: i32,
  end: i32,
  firstStep: i32,
  steps: i32,
): bool {
  const stride = <usize>columns << 2;
  let odd = f32x4.splat(0);
  for (let line = begin; line < end; line += NR) {
    for (let strip = 0; strip < NR; strip += 4) {
      const at = elementOf(b, stride, 2, line + strip, firstStep, across);
      const panel = to + (<usize>strip << 2);
      const part = packStrip(panel, at, stride, end - line - strip, steps, across, alpha, alphaRest);
      odd = v128.or(odd, part);
    }
    to += <usize>steps * B_STEP;
  }
  return !v128.any_true(odd);
}

/** Packs the strip at `from` as four columns of a panel; returns zeros where every number is finite, and NaN in a lane else. */
function packStrip(
  to: usize,
  from: usize,
  stride: usize,
  lines: i32,
  steps: i32,
  across: bool,
  alpha: f32,
  alphaRest: f32,
): v128 {
  const alphas = f32x4.splat(alpha);
  const rests = f32x4.splat(alphaRest);
  // x - x is 0 for finite x and NaN for others.
  let odd = f32x4.splat(0);
  for (let k = 0; k < steps; k++) {
    let x = loadStep(from, stride, lines, k, across);
    x = alphaRest == 0 ? f32x4.mul(x, alphas) : madd(x, alphas, f32x4.mul(x, rests));
    odd = v128.or(odd, f32x4.sub(x, x));
    v128.store(to, x);
    to += B_STEP;
  }
  return odd;
}

// Packs a block of B, multiplied by alpha. See pack.ts for the layout.
import { loadLanes } from "../simd";
import { NR } from "./blocking";
import { B_STEP, elementOf } from "./pack";

/**
 * Packs columns `begin` to `end` of alpha op(B), NR a panel.
 *
 * @param to      16-byte aligned; ceil((end - begin) / NR) * NR * steps float32
 * @param b       the operand, row-major
 * @param columns of the operand as it is stored
 * @param across  whether it is transposed
 * @returns whether every number is finite
 */
export function packB(
  to: usize,
  b: usize,
  columns: i32,
  across: bool,
  alpha: f64,
  begin: i32,
  end: i32,
  firstStep: i32,
  steps: i32,
): bool {
  const stride = <usize>columns << 2;
  const from = elementOf(b, stride, 2, begin, firstStep, across);
  const odd = across
    ? packLines(to, from, stride, end - begin, steps, alpha)
    : packSteps(to, from, stride, end - begin, steps, alpha);
  return !v128.any_true(odd);
}

/** Packs columns that lie side by side, a step at a time: it is read in one go, and goes to every panel. */
function packSteps(
  to: usize,
  from: usize,
  stride: usize,
  columns: i32,
  steps: i32,
  alpha: f64,
): v128 {
  const panelBytes = <usize>steps * B_STEP;
  let odd = f32x4.splat(0);
  for (let k = 0; k < steps; k++) {
    let at = from;
    let panel = to;
    let left = columns;
    for (; left >= NR; left -= NR) {
      odd = v128.or(odd, storeScaled(panel, v128.load(at), alpha));
      odd = v128.or(odd, storeScaled(panel + 16, v128.load(at, 16), alpha));
      at += B_STEP;
      panel += panelBytes;
    }
    if (left > 0) {
      odd = v128.or(odd, storeScaled(panel, loadUpTo4(at, left), alpha));
      // Of a last panel with four columns or fewer the right half is not read.
      if (left > 4) odd = v128.or(odd, storeScaled(panel + 16, loadUpTo4(at + 16, left - 4), alpha));
    }
    from += stride;
    to += B_STEP;
  }
  return odd;
}

/** Packs columns whose steps lie side by side, as in a transposed B: four columns and four steps at a time. */
function packLines(
  to: usize,
  from: usize,
  stride: usize,
  columns: i32,
  steps: i32,
  alpha: f64,
): v128 {
  let odd = f32x4.splat(0);
  const zero = odd;
  for (let j = 0; j < columns; j += 4) {
    const lines = columns - j;
    const line = from + <usize>j * stride;
    let panel = to + <usize>(j & -NR) * <usize>(steps << 2) + <usize>((j & 4) << 2);
    for (let k = 0; k < steps; k += 4) {
      const at = line + (<usize>k << 2);
      const left = steps - k;
      const r0 = loadUpTo4(at, left);
      const r1 = lines > 1 ? loadUpTo4(at + stride, left) : zero;
      const r2 = lines > 2 ? loadUpTo4(at + 2 * stride, left) : zero;
      const r3 = lines > 3 ? loadUpTo4(at + 3 * stride, left) : zero;
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      odd = v128.or(odd, storeScaled(panel, v128.shuffle<i64>(low01, low23, 0, 2), alpha));
      panel += B_STEP;
      if (left > 1) {
        odd = v128.or(odd, storeScaled(panel, v128.shuffle<i64>(low01, low23, 1, 3), alpha));
        panel += B_STEP;
      }
      if (left > 2) {
        odd = v128.or(odd, storeScaled(panel, v128.shuffle<i64>(high01, high23, 0, 2), alpha));
        panel += B_STEP;
      }
      if (left > 3) {
        odd = v128.or(odd, storeScaled(panel, v128.shuffle<i64>(high01, high23, 1, 3), alpha));
        panel += B_STEP;
      }
    }
  }
  return odd;
}

/**
 * Stores four values times alpha, and returns zeros where they are finite, else NaN. The products are rounded once:
 * 1 / 255 as a float32 errs by 6e-8, and would do so everywhere to the same side.
 */
// @ts-ignore: decorator
@inline
function storeScaled(to: usize, x: v128, alpha: f64): v128 {
  if (alpha != 1) {
    const alphas = f64x2.splat(alpha);
    const low = f64x2.mul(f64x2.promote_low_f32x4(x), alphas);
    const high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), alphas);
    x = v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  }
  v128.store(to, x);
  return f32x4.sub(x, x);
}

/** The first four of `count` values, with zeros for those that there are not. */
// @ts-ignore: decorator
@inline
function loadUpTo4(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : count > 0 ? loadLanes(at, count) : i64x2.splat(0);
}

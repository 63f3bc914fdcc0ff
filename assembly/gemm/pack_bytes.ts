// Packs strips of a byte operand, widened to float32: a batch of images is read as it was gathered, in a quarter of the
// memory that its float32 would take. See pack.ts for the layout.
import { MR } from "./blocking";
import { A_STEP, B_STEP, storeStep, storeSteps } from "./pack";

/** Packs the strip at `from` as the next six rows of A; returns the number of steps kept. */
export function packBytes(
  to: usize,
  offsets: usize,
  from: usize,
  stride: usize,
  lines: i32,
  steps: i32,
  across: bool,
  skipZeros: bool,
): i32 {
  let done = 0, kept = 0;
  if (lines >= MR) {
    if (across) {
      done = steps & ~15;
      kept = packRows(to, offsets, from, stride, done, skipZeros);
    } else {
      // Steps are read as eight bytes, of which the last step might not have all.
      done = (steps - i32(lines < 8)) & ~3;
      kept = packColumns(to, offsets, from, stride, done, skipZeros);
    }
  }
  to += <usize>kept * A_STEP;
  offsets += <usize>kept << 1;
  const lineBytes: usize = across ? stride : 1;
  const stepBytes: usize = across ? 1 : stride;
  const rest = min(lines, MR);
  for (let k = done; k < steps; k++) {
    let values: u64 = 0;
    for (let line = 0; line < rest; line++) {
      values |= load<u8>(from + <usize>line * lineBytes + <usize>k * stepBytes) << (line << 3);
    }
    const wide = i16x8.extend_low_i8x16_u(i64x2.replace_lane(i64x2.splat(0), 0, values));
    storeStep(to, offsets, lowFloats(wide), highFloats(wide), k * <i32>B_STEP);
    const keep = i32(values != 0 || !skipZeros);
    kept += keep;
    to += <usize>keep * A_STEP;
    offsets += <usize>keep << 1;
  }
  return kept;
}

/** Packs six rows, `steps` (a multiple of 16) side by side in each. */
function packRows(to: usize, offsets: usize, from: usize, stride: usize, steps: i32, skipZeros: bool): i32 {
  const firstOffset = offsets;
  for (let k = 0; k < steps; k += 16) {
    const at = from + <usize>k;
    const r0 = v128.load(at);
    const r1 = v128.load(at + stride);
    const r2 = v128.load(at + 2 * stride);
    const r3 = v128.load(at + 3 * stride);
    const r4 = v128.load(at + 4 * stride);
    const r5 = v128.load(at + 5 * stride);
    if (skipZeros && !v128.any_true(v128.or(v128.or(v128.or(r0, r1), v128.or(r2, r3)), v128.or(r4, r5)))) continue;
    // The rows in turns: of each step the bytes of rows 0 and 1 side by side, and so on.
    let pairs01 = interleaveLow(r0, r1);
    let pairs23 = interleaveLow(r2, r3);
    let pairs45 = interleaveLow(r4, r5);
    for (let half = 0; half < 2; half++) {
      let fours = v128.shuffle<i16>(pairs01, pairs23, 0, 8, 1, 9, 2, 10, 3, 11);
      let twos = i16x8.extend_low_i8x16_u(pairs45);
      for (let quarter = 0; quarter < 2; quarter++) {
        const step = k + (half << 3) + (quarter << 2);
        const zeros = skipZeros
          ? i32x4.bitmask(i32x4.eq(v128.or(fours, twos), i64x2.splat(0)))
          : 0;
        if (zeros != 15) {
          const low = i16x8.extend_low_i8x16_u(fours);
          const high = i16x8.extend_high_i8x16_u(fours);
          const lowTwos = lowFloats(twos);
          const highTwos = highFloats(twos);
          const kept = storeSteps(
            to,
            offsets,
            step,
            lowFloats(low),
            lowTwos,
            (zeros & 1) ^ 1,
            highFloats(low),
            v128.shuffle<i64>(lowTwos, lowTwos, 1, 1),
            ((zeros >> 1) & 1) ^ 1,
            lowFloats(high),
            highTwos,
            ((zeros >> 2) & 1) ^ 1,
            highFloats(high),
            v128.shuffle<i64>(highTwos, highTwos, 1, 1),
            (zeros >> 3) ^ 1,
          );
          to += kept * A_STEP;
          offsets += kept << 1;
        }
        fours = v128.shuffle<i16>(pairs01, pairs23, 4, 12, 5, 13, 6, 14, 7, 15);
        twos = i16x8.extend_high_i8x16_u(pairs45);
      }
      pairs01 = interleaveHigh(r0, r1);
      pairs23 = interleaveHigh(r2, r3);
      pairs45 = interleaveHigh(r4, r5);
    }
  }
  return <i32>((offsets - firstOffset) >> 1);
}

/** Packs six columns; step after step (a multiple of 4) is one row further, and two bytes beyond the six are read. */
function packColumns(to: usize, offsets: usize, from: usize, stride: usize, steps: i32, skipZeros: bool): i32 {
  const firstOffset = offsets;
  const always = i32(!skipZeros);
  let at = from;
  for (let k = 0; k < steps; k += 4) {
    const at1 = at + stride;
    const at2 = at1 + stride;
    const at3 = at2 + stride;
    const kept0 = i32(load<u64>(at) << 16 != 0) | always;
    const kept1 = i32(load<u64>(at1) << 16 != 0) | always;
    const kept2 = i32(load<u64>(at2) << 16 != 0) | always;
    const kept3 = i32(load<u64>(at3) << 16 != 0) | always;
    if (kept0 | kept1 | kept2 | kept3) {
      const w0 = v128.load8x8_u(at);
      const w1 = v128.load8x8_u(at1);
      const w2 = v128.load8x8_u(at2);
      const w3 = v128.load8x8_u(at3);
      const kept = storeSteps(
        to,
        offsets,
        k,
        lowFloats(w0),
        highFloats(w0),
        kept0,
        lowFloats(w1),
        highFloats(w1),
        kept1,
        lowFloats(w2),
        highFloats(w2),
        kept2,
        lowFloats(w3),
        highFloats(w3),
        kept3,
      );
      to += kept * A_STEP;
      offsets += kept << 1;
    }
    at = at3 + stride;
  }
  return <i32>((offsets - firstOffset) >> 1);
}

// @ts-ignore: decorator
@inline
function lowFloats(wide: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(wide));
}

// @ts-ignore: decorator
@inline
function highFloats(wide: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(wide));
}

// @ts-ignore: decorator
@inline
function interleaveLow(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function interleaveHigh(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

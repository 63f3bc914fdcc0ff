// C = op(A) op(B), or C += op(A) op(B): row-major float32, op(A) is M x K, op(B) is K x N, op transposes or does not.
//
// The loops of a packed product (Goto and van de Geijn, 2008), from the outside in:
//
//   columns of C in blocks of NC            by the caller, lib/backends/wasm/gemm.ts,
//     steps in blocks of about KC           because the blocks of B are packed for all threads at once
//       pack a block of B                   gemmPackB, shared out by panels
//       rows of C in blocks of MC           gemmBlock, shared out by rows
//         pack a block of A
//         panels of B (NR columns)
//           tiles of A (MR rows)
//             micro-kernel: all steps of the block
//
// Each element of C is computed by one call with its steps in one order, so the result does not depend on how rows are
// shared out.
import { MC, MR, NR } from "./blocking";
import { microkernel4x8 } from "./microkernel_4x8";
import { packPanels } from "./pack";

/**
 * Packs columns `begin` to `end` (begin a multiple of NR) of op(B) for `steps` steps from `firstStep`.
 *
 * @param packed  first panel of column `begin`
 * @param columns of B as it is stored
 */
export function gemmPackB(
  packed: usize,
  b: usize,
  columns: i32,
  transposeB: bool,
  begin: i32,
  end: i32,
  firstStep: i32,
  steps: i32,
): void {
  packPanels(packed, b, columns, transposeB, NR, begin, end, firstStep, steps);
}

/**
 * Rows `begin` to `end` of a block of C, `width` columns wide, from a packed block of B.
 *
 * @param c        element of C at row 0 and the block's first column
 * @param n        columns of C as it is stored
 * @param packedB  the block's panels
 * @param scratch  16-byte aligned: a packed block of A (MC x steps float32) and one tile (MR x NR float32)
 * @param columns  of A as it is stored
 */
export function gemmBlock(
  c: usize,
  n: i32,
  width: i32,
  a: usize,
  columns: i32,
  transposeA: bool,
  packedB: usize,
  scratch: usize,
  begin: i32,
  end: i32,
  firstStep: i32,
  steps: i32,
  accumulate: bool,
): void {
  const stride = <usize>n << 2;
  const tileBytes = <usize>(steps * MR) << 2;
  const panelBytes = <usize>(steps * NR) << 2;
  const packedA = scratch + <usize>(MR * NR) * sizeof<f32>();
  for (let top = begin; top < end; top += MC) {
    const bottom = min(top + MC, end);
    packPanels(packedA, a, columns, !transposeA, MR, top, bottom, firstStep, steps);
    let panel = packedB;
    for (let j = 0; j < width; j += NR) {
      let tile = packedA;
      let corner = c + <usize>top * stride + (<usize>j << 2);
      const whole = j + NR <= width;
      for (let i = top; i < bottom; i += MR) {
        if (whole && i + MR <= bottom) microkernel4x8(corner, stride, tile, panel, steps, accumulate);
        else edgeTile(corner, stride, tile, panel, steps, accumulate, scratch, bottom - i, width - j);
        tile += tileBytes;
        corner += stride * MR;
      }
      panel += panelBytes;
    }
  }
}

/** A tile that C's edge cuts to `rows` x `columns`: computed whole beside C, then the part that exists is written. */
function edgeTile(
  c: usize,
  stride: usize,
  a: usize,
  b: usize,
  steps: i32,
  accumulate: bool,
  tile: usize,
  rows: i32,
  columns: i32,
): void {
  const tileStride = <usize>NR * sizeof<f32>();
  microkernel4x8(tile, tileStride, a, b, steps, false);
  if (rows > MR) rows = MR;
  if (columns > NR) columns = NR;
  for (let i = 0; i < rows; i++) {
    const to = c + <usize>i * stride;
    const from = tile + <usize>i * tileStride;
    for (let j = 0; j < columns; j++) {
      const at = <usize>j << 2;
      const value = load<f32>(from + at);
      store<f32>(to + at, accumulate ? load<f32>(to + at) + value : value);
    }
  }
}

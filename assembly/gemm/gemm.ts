// C = alpha op(A) op(B), or C += alpha op(A) op(B): row-major float32, A also bytes; op(A) is M x K, op(B) is K x N, op
// transposes or does not. Alpha multiplies B, which is packed once for all of A.
//
// The loops of a packed product (Goto and van de Geijn, 2008), from the outside in:
//
//   columns of C in blocks of NC            by the caller, lib/backends/wasm/products.ts,
//     steps in blocks of about KC           because the blocks of B are packed for all threads at once
//       pack a block of B                   gemmPackB, shared out by panels
//       rows of C in blocks of MC           gemmBlock, shared out by rows
//         pack a block of A                 leaving out steps that are zero
//         panels of B (NR columns)
//           tiles of A (MR rows)
//             micro-kernel: all steps of the block
//
// Each element of C is computed by one call with its steps in one order, so the result does not depend on how rows are
// shared out.
import { KC, MC, MR, NC, NR } from "./blocking";
import { microkernel6x4Indexed } from "./microkernel_6x4";
import { microkernel6x8, microkernel6x8Indexed } from "./microkernel_6x8";
import { multiplyNarrow, writeSums } from "./narrow";
import { A_STEP, elementOf } from "./pack";
import { packB } from "./pack_b";
import { packBytes } from "./pack_bytes";
import { packFloats } from "./pack_floats";

// The scratch memory of a thread, in bytes from its start: one tile of C, then for each tile of A its number of steps,
// the places of the steps that it keeps, and their values.
const COUNTS: usize = <usize>(MR * NR) << 2;
const OFFSETS: usize = COUNTS + (<usize>(MC / MR) << 2);
const TILES: usize = OFFSETS + (<usize>(MC / MR * KC) << 1);

/** Bytes of scratch memory that each thread needs. */
export const GEMM_SCRATCH: i32 = <i32>TILES + MC / MR * KC * <i32>A_STEP;

// The packed block of B, in bytes from its start: a word that says whether it is finite, then its panels.
const PANELS: usize = 64;

/** Bytes of a packed block of B, which the threads share. */
export const GEMM_PACKED_B: i32 = <i32>PANELS + NC * KC * 4;

/** Bytes of a packed block of B that has `width` columns and `steps` steps; GEMM_PACKED_B is the largest. */
export function gemmPackedBytes(width: i32, steps: i32): i32 {
  return <i32>PANELS + (width + NR - 1) / NR * NR * steps * 4;
}

/**
 * Packs columns `first` + `begin` to `first` + `end` (begin a multiple of NR) of alpha op(B), `steps` steps from `firstStep`.
 *
 * @param packed  a word that becomes 1 if a number is not finite, padded to 64 bytes; then the panels of the block
 * @param columns of B as it is stored
 * @param first   first column of the block
 */
export function gemmPackB(
  packed: usize,
  b: usize,
  columns: i32,
  transposeB: bool,
  alpha: f64,
  first: i32,
  firstStep: i32,
  steps: i32,
  begin: i32,
  end: i32,
): void {
  const panel = packed + PANELS + (<usize>(begin * steps) << 2);
  const finite = packB(panel, b, columns, transposeB, alpha, first + begin, first + end, firstStep, steps);
  if (!finite) atomic.store<i32>(packed, 1);
}

/**
 * Rows `begin` to `end` of a block of C, `width` columns wide, from a packed block of B.
 *
 * @param c         element of C at row 0 and the block's first column
 * @param n         columns of C as it is stored
 * @param columns   of A as it is stored
 * @param bytes     whether A is of bytes, else float32
 * @param packed    what gemmPackB left; steps of A that are zero are left out if it is finite
 * @param scratch   16-byte aligned: GEMM_SCRATCH bytes
 */
export function gemmBlock(
  c: usize,
  n: i32,
  width: i32,
  a: usize,
  columns: i32,
  bytes: bool,
  transposeA: bool,
  packed: usize,
  scratch: usize,
  firstStep: i32,
  steps: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>n << 2;
  const tileBytes = <usize>steps * A_STEP;
  const panelBytes = <usize>(steps * NR) << 2;
  const skipZeros = load<i32>(packed) == 0;
  for (let top = begin; top < end; top += MC) {
    const bottom = min(top + MC, end);
    packBlockA(scratch, a, columns, bytes, transposeA, skipZeros, top, bottom, firstStep, steps);
    let panel = packed + PANELS;
    for (let j = 0; j < width; j += NR) {
      let corner = c + <usize>top * stride + (<usize>j << 2);
      let count = scratch + COUNTS;
      let offsets = scratch + OFFSETS;
      let tile = scratch + TILES;
      for (let i = top; i < bottom; i += MR) {
        const kept = load<i32>(count);
        const cut = i + MR > bottom || (j + NR > width && j + 4 != width);
        const to = cut ? scratch : corner;
        const toStride = cut ? <usize>NR << 2 : stride;
        const add = accumulate && !cut;
        if (j + 4 >= width) microkernel6x4Indexed(to, toStride, tile, offsets, panel, kept, add);
        else if (kept == steps) microkernel6x8(to, toStride, tile, panel, steps, add);
        else microkernel6x8Indexed(to, toStride, tile, offsets, panel, kept, add);
        if (cut) copyTile(corner, stride, scratch, accumulate, bottom - i, width - j);
        count += 4;
        offsets += <usize>steps << 1;
        tile += tileBytes;
        corner += stride * MR;
      }
      panel += panelBytes;
    }
  }
}

/** As gemmBlock without scratch memory, for float32 A and a block of few columns: narrow.ts. */
export function gemmNarrow(
  c: usize,
  n: i32,
  width: i32,
  a: usize,
  columns: i32,
  transposeA: bool,
  packed: usize,
  firstStep: i32,
  steps: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const stride = <usize>columns << 2;
  const from = elementOf(a, stride, 2, 0, firstStep, !transposeA);
  const line = transposeA ? 4 : stride;
  const step = transposeA ? stride : 4;
  multiplyNarrow(c, n, width, from, line, step, packed + PANELS, steps, accumulate, begin, end);
}

/** Packs rows `top` to `bottom` of op(A) into the scratch memory. */
function packBlockA(
  scratch: usize,
  a: usize,
  columns: i32,
  bytes: bool,
  transposeA: bool,
  skipZeros: bool,
  top: i32,
  bottom: i32,
  firstStep: i32,
  steps: i32,
): void {
  const size: usize = bytes ? 0 : 2;
  const stride = <usize>columns << size;
  let count = scratch + COUNTS;
  let offsets = scratch + OFFSETS;
  let tile = scratch + TILES;
  for (let i = top; i < bottom; i += MR) {
    const from = elementOf(a, stride, size, i, firstStep, !transposeA);
    const kept = bytes
      ? packBytes(tile, offsets, from, stride, bottom - i, steps, !transposeA, skipZeros)
      : packFloats(tile, offsets, from, stride, bottom - i, steps, !transposeA, skipZeros);
    store<i32>(count, kept);
    count += 4;
    offsets += <usize>steps << 1;
    tile += <usize>steps * A_STEP;
  }
}

/** Writes the part of a tile that C's edge leaves, `rows` x `columns` or all of it, or adds it to C. */
export function copyTile(c: usize, stride: usize, tile: usize, accumulate: bool, rows: i32, columns: i32): void {
  if (rows > MR) rows = MR;
  if (columns > NR) columns = NR;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += 4) {
      const to = c + <usize>i * stride + (<usize>j << 2);
      writeSums(to, v128.load(tile + (<usize>(i * NR + j) << 2)), columns - j, accumulate);
    }
  }
}

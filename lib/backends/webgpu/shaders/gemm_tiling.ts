/**
 * How a product is cut up. A workgroup computes a tile of C; a thread of it a block of the tile, in
 * registers; tiles of op(A) and op(B) stand in workgroup memory in between.
 *
 * Where C has few tiles, as with a batch of 256 and a layer of 100, a large GPU would be idle and
 * each workgroup would wait for memory once per step. There the threads of a workgroup are slices:
 * each slice takes its own steps, so that a round brings in four times as many, and their sums are
 * added at the end. Deeper products still are cut into chunks over workgroups ("split K"), whose
 * sums a second kernel adds.
 */

export interface Tiling {
  /** Rows and columns of C in a tile. */
  readonly size: 32 | 64 | 128;
  /** Rows and columns of C in a thread's registers. */
  readonly block: 4 | 8;
  /** Steps that a slice has in workgroup memory. */
  readonly depth: 16 | 32;
  readonly slices: 1 | 4;
}

/** Every tiling has 256 threads and 16 KiB of tiles, which all of WebGPU has. */
export const GEMM_THREADS = 256;

const LARGE: Tiling = { size: 128, block: 8, depth: 16, slices: 1 };
const MEDIUM: Tiling = { size: 64, block: 4, depth: 32, slices: 1 };
const SMALL: Tiling = { size: 32, block: 4, depth: 16, slices: 4 };

export const TILINGS = [LARGE, MEDIUM, SMALL] as const;

/** Workgroups below which a large GPU (an H200 has 132 processors) is not busy. */
const ENOUGH_GROUPS = 128;

/** Least steps of a chunk: fewer cost less than a second kernel does. */
const LEAST_CHUNK = 1024;

export interface GemmPlan {
  /** Index into TILINGS, or the number of them for no tiles at all, see gemm_direct.ts. */
  readonly tiling: number;
  /** Chunks of steps, one a workgroup; 1 where one kernel does it all. */
  readonly chunks: number;
  /** Steps of a chunk, the last one's excepted. */
  readonly chunkSteps: number;
}

function tiles(m: number, n: number, { size }: Tiling): number {
  return Math.ceil(m / size) * Math.ceil(n / size);
}

/** Steps in workgroup memory at a time. */
export function roundSteps({ depth, slices }: Tiling): number {
  return depth * slices;
}

/** The largest tiles of which there are enough; for a product M x K by K x N. */
export function planGemm(m: number, n: number, k: number): GemmPlan {
  const enough = TILINGS.findIndex((tiling) => tiles(m, n, tiling) >= ENOUGH_GROUPS);
  const tiling = enough < 0 ? TILINGS.length - 1 : enough;
  const groups = tiles(m, n, TILINGS[tiling]);
  const wanted = Math.min(Math.ceil(ENOUGH_GROUPS / groups), Math.floor(k / LEAST_CHUNK));
  if (wanted <= 1) return { tiling, chunks: 1, chunkSteps: k };
  const round = roundSteps(TILINGS[tiling]);
  const chunkSteps = Math.ceil(k / wanted / round) * round;
  return { tiling, chunks: Math.ceil(k / chunkSteps), chunkSteps };
}

/** How adapters in software multiply. */
export function planDirectGemm(k: number): GemmPlan {
  return { tiling: TILINGS.length, chunks: 1, chunkSteps: k };
}

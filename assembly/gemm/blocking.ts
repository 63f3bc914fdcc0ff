// Block sizes of the matrix product, in elements. See gemm.ts for the loops that they bound.

/**
 * Rows of the micro-tile: four, because one 128-bit load then brings a step's values of A and three rotations show them
 * to every lane of B.
 */
export const MR: i32 = 4;

/**
 * Columns of the micro-tile: two vectors. Eight accumulators are what two multiply-add pipes of latency four need to
 * stay busy; a wider tile (6 x 8, 4 x 12) leaves V8 without registers and it spills inside the loop.
 */
export const NR: i32 = 8;

/** Depth of a panel. One panel of B (8 x 512 x 4 bytes = 16 KB) stays in a 32 KB first-level cache beside a tile of A. */
export const KC: i32 = 512;

/** Rows of a block of A (128 x 512 x 4 bytes = 256 KB), which stays in a 512 KB second-level cache. */
export const MC: i32 = 128;

/** Columns of a block of B (1024 x 512 x 4 bytes = 2 MB), which every row block passes over again. */
export const NC: i32 = 1024;

// Block sizes of the matrix product, in elements. See gemm.ts for the loops that they bound.

/** Rows of the micro-tile: as many as leave V8 enough registers (microkernel_6x8.ts). */
export const MR: i32 = 6;

/** Columns of the micro-tile: two vectors. */
export const NR: i32 = 8;

/** Depth of a panel. One panel of B (8 x 512 x 4 bytes = 16 KB) stays in a 32 KB first-level cache beside a tile of A. */
export const KC: i32 = 512;

/** Rows of a block of A (72 / 6 x 512 x 32 bytes = 192 KB), a multiple of MR, which stays in a 512 KB second-level cache. */
export const MC: i32 = 72;

/** Columns of a block of B (1024 x 512 x 4 bytes = 2 MB), which every row block passes over again. */
export const NC: i32 = 1024;

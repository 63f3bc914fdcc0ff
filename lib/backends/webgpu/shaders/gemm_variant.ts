/** The variants of a product's kernel, and a number for each. */
import { type Epilogue, epilogueOf, EPILOGUES } from "./gemm_epilogue.ts";
import { type Tiling, TILINGS } from "./gemm_tiling.ts";

export interface GemmVariant {
  /** How it is cut up; null for gemm_direct.ts. */
  readonly tiling: Tiling | null;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Whether A is bytes. */
  readonly bytes: boolean;
  /** What to do with the sums; null to store them as they are, chunk by chunk. */
  readonly epilogue: Epilogue | null;
}

/**
 * A variant as a number.
 *
 * @param tiling   as planGemm has it
 * @param epilogue as epilogueNumber has it, or -1 for chunks
 */
export function gemmNumber(
  tiling: number,
  transposeA: boolean,
  transposeB: boolean,
  bytes: boolean,
  epilogue: number,
): number {
  const flags = +transposeA + 2 * +transposeB + 4 * +bytes;
  return (8 * tiling + flags) * (EPILOGUES + 1) + epilogue + 1;
}

export function gemmVariant(number: number): GemmVariant {
  const epilogue = number % (EPILOGUES + 1) - 1;
  const rest = Math.floor(number / (EPILOGUES + 1));
  return {
    tiling: TILINGS[rest >> 3] ?? null,
    transposeA: (rest & 1) === 1,
    transposeB: (rest & 2) === 2,
    bytes: (rest & 4) === 4,
    epilogue: epilogue < 0 ? null : epilogueOf(epilogue),
  };
}

/**
 * The product for adapters in software. There, workgroup memory is memory like any other, and a
 * barrier means putting away and bringing back the registers of every thread. So each thread computes
 * its 8 x 8 elements of C from the matrices themselves.
 */
import { addProducts, gemmShader, range } from "./gemm_operands.ts";
import type { GemmVariant } from "./gemm_variant.ts";
import { LINEAR_ARGUMENTS, LINEAR_GROUP, type Shader } from "./shader.ts";

/** Rows and columns of C that a thread computes. */
export const DIRECT_BLOCK = 8;
/** Threads of a workgroup. */
export const DIRECT_THREADS = 32;

/** @param variant one with an epilogue */
export function gemmDirect(variant: GemmVariant, software: boolean): Shader {
  const rows = range(DIRECT_BLOCK);
  const quads = range(DIRECT_BLOCK / 4);
  const count = `${quads.length}u`;
  const products = range(4).flatMap((s) =>
    rows.flatMap((i) =>
      quads.map((j) => addProducts(`sum${i}_${j}`, `a${i >> 2}.s${s}`, i & 3, `b${j}.s${s}`))
    )
  );
  const store = (i: number, j: number) =>
    `if (4u * down + ${i}u < p.m && right + ${j}u < p.cStride) {
    finish(sum${i}_${j}, 4u * down + ${i}u, right + ${j}u);
  }`;
  return gemmShader(
    variant,
    software,
    `
@compute @workgroup_size(${DIRECT_THREADS})
fn main(${LINEAR_ARGUMENTS}) {
  ${LINEAR_GROUP}
  let block = workgroup * ${DIRECT_THREADS}u + thread;
  let across = (p.cStride + ${count} - 1u) / ${count};
  let down = block / across * ${count};
  let right = block % across * ${count};
  if (4u * down >= p.m) { return; }
  ${rows.flatMap((i) => quads.map((j) => `var sum${i}_${j} = vec4f(0.0);`)).join("\n  ")}
  for (var step = 0u; step < p.k; step += 4u) {
    ${quads.map((i) => `let a${i} = fetchA(step, down + ${i}u, p.k);`).join("\n    ")}
    ${quads.map((j) => `let b${j} = fetchB(step, right + ${j}u, p.k);`).join("\n    ")}
    ${products.join("\n    ")}
  }
  ${rows.flatMap((i) => quads.map((j) => store(i, j))).join("\n  ")}
}`,
  );
}

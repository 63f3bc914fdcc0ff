/**
 * c = alpha op(a) op(b), or c += alpha op(a) op(b), and what gemm_epilogue.ts adds.
 *
 * Glossary: op(a) is M x K, op(b) is K x N; a step is one of the K products that an element of C
 * adds up; a quad is four rows of op(a) or four columns of op(b), a vec4.
 *
 *         workgroup memory               registers of a thread
 *
 *     aTile[slice][step][quad]           sum<i>_<j>: row i of its block, quad j of columns
 *     bTile[slice][step][quad]
 *
 * A round: each thread brings one block, 4 steps of one quad, from global memory (the next round's
 * while this one is computed), turns it where the matrix is stored the other way, and puts it into
 * a tile; then every thread multiplies. Half of the threads bring op(a), half op(b). What lies
 * beyond the last step is zero in both tiles; rows and columns beyond C are computed from whatever
 * is near, and not stored.
 *
 * Indices that are written out are checked when WGSL is compiled, all others at each access; so the
 * steps of a round are written out, and the remaining checks do not depend on them.
 */
import { addProducts, gemmShader, range } from "./gemm_operands.ts";
import { GEMM_THREADS, roundSteps, type Tiling } from "./gemm_tiling.ts";
import type { GemmVariant } from "./gemm_variant.ts";
import type { Shader } from "./shader.ts";

/** The products of one round, `depth` steps written out. */
function multiply({ block, depth }: Tiling, across: number): string {
  const parts = range(block / 4);
  return range(depth).map((step) =>
    `{
      ${parts.map((i) => `let a${i} = aTile[slice][${step}][down + ${i * across}u];`).join(" ")}
      ${parts.map((j) => `let b${j} = bTile[slice][${step}][right + ${j * across}u];`).join(" ")}
      ${
      range(block).map((i) =>
        parts.map((j) => addProducts(`sum${i}_${j}`, `a${i >> 2}`, i & 3, `b${j}`)).join(" ")
      ).join("\n      ")
    }
    }`
  ).join("\n    ");
}

/**
 * Adds the sums of four slices to the first's: the third's and fourth's to the first two's, then the
 * second's. They pass through the tile of A, which has just as much room.
 */
function addSlices({ size, depth }: Tiling, slices: number, threads: number): string {
  const quads = size / 4;
  const place = (slice: string, i: number) => {
    const at = `(${slice} * 4u + ${i}u) * ${threads}u + member`;
    return `aTile[(${at}) / ${
      depth * quads
    }u][(${at}) / ${quads}u % ${depth}u][(${at}) % ${quads}u]`;
  };
  const rounds = [];
  for (let half = slices / 2; half >= 1; half /= 2) {
    rounds.push(`
  if (slice >= ${half}u && slice < ${2 * half}u) {
    let giver = slice - ${half}u;
    ${range(4).map((i) => `${place("giver", i)} = sum${i}_0;`).join("\n    ")}
  }
  workgroupBarrier();
  if (slice < ${half}u) {
    ${range(4).map((i) => `sum${i}_0 += ${place("slice", i)};`).join("\n    ")}
  }
  workgroupBarrier();`);
  }
  return rounds.join("");
}

export function gemm(variant: GemmVariant, tiling: Tiling, software: boolean): Shader {
  const { epilogue } = variant;
  const { size, block, depth, slices } = tiling;
  const quads = size / 4;
  const across = size / block;
  const threads = across * across;
  const round = roundSteps(tiling);
  const sums = range(block).flatMap((i) => range(block / 4).map((j) => `sum${i}_${j}`));
  const store = (sum: string) =>
    epilogue
      ? `finish(${sum}, row, column);`
      : `c[(groupId.z * p.m + row) * p.cStride + column] = ${sum};`;
  return gemmShader(
    variant,
    software,
    `
var<workgroup> aTile: array<array<array<vec4f, ${quads}>, ${depth}>, ${slices}>;
var<workgroup> bTile: array<array<array<vec4f, ${quads}>, ${depth}>, ${slices}>;

@compute @workgroup_size(${GEMM_THREADS})
fn main(@builtin(workgroup_id) groupId: vec3u, @builtin(local_invocation_index) thread: u32) {
  let begin = groupId.z * p.chunkSteps;
  let end = min(p.k, begin + p.chunkSteps);

  // The block to bring: neighboring threads take neighboring steps and quads.
  let bringsA = thread < ${GEMM_THREADS / 2}u;
  let number = thread % ${GEMM_THREADS / 2}u;
  let fours = (number & 1u) + 2u * ((number >> 3u) % ${round / 8}u);
  let quad = ((number >> 1u) & 3u) + 4u * ((number >> 3u) / ${round / 8}u);
  let toSlice = fours / ${depth / 4}u;
  let toStep = fours % ${depth / 4}u * 4u;

  let slice = thread / ${threads}u;
  let member = thread % ${threads}u;
  let right = member % ${across}u;
  let down = member / ${across}u;
  ${sums.map((sum) => `var ${sum} = vec4f(0.0);`).join("\n  ")}

  var next: Block;
  if (bringsA) { next = fetchA(begin + 4u * fours, groupId.y * ${quads}u + quad, end); }
  else { next = fetchB(begin + 4u * fours, groupId.x * ${quads}u + quad, end); }
  for (var step = begin; step < end; step += ${round}u) {
    if (bringsA) {
      ${range(4).map((i) => `aTile[toSlice][toStep + ${i}u][quad] = next.s${i};`).join("\n      ")}
    } else {
      ${range(4).map((i) => `bTile[toSlice][toStep + ${i}u][quad] = next.s${i};`).join("\n      ")}
    }
    workgroupBarrier();
    let coming = step + ${round}u + 4u * fours;
    if (step + ${round}u < end) {
      if (bringsA) { next = fetchA(coming, groupId.y * ${quads}u + quad, end); }
      else { next = fetchB(coming, groupId.x * ${quads}u + quad, end); }
    }
    ${multiply(tiling, across)}
    workgroupBarrier();
  }
  ${slices > 1 ? addSlices(tiling, slices, threads) : ""}
  if (slice > 0u) { return; }
  ${
      range(block / 4).map((j) =>
        `{
    let column = groupId.x * ${quads}u + right + ${j * across}u;
    if (column < p.cStride) {
      ${
          range(block).map((i) =>
            `{
        let row = groupId.y * ${size}u + 4u * (down + ${(i >> 2) * across}u) + ${i & 3}u;
        if (row < p.m) { ${store(`sum${i}_${j}`)} }
      }`
          ).join("\n      ")
        }
    }
  }`
      ).join("\n  ")
    }
}`,
  );
}

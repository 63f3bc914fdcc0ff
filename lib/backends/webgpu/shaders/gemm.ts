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
import {
  type Epilogue,
  EPILOGUE_PARAMETERS,
  epilogueBindings,
  epilogueFunctions,
  epilogueOf,
  EPILOGUES,
} from "./gemm_epilogue.ts";
import { GEMM_THREADS, roundSteps, type Tiling, TILINGS } from "./gemm_tiling.ts";
import { type Shader, shader } from "./shader.ts";

export interface GemmVariant {
  readonly tiling: Tiling;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Whether A is bytes. */
  readonly bytes: boolean;
  /** What to do with the sums; null to store them as they are, chunk by chunk. */
  readonly epilogue: Epilogue | null;
}

/** A variant as a number; `epilogue` as epilogueNumber has it, or -1 for chunks. */
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
    tiling: TILINGS[rest >> 3],
    transposeA: (rest & 1) === 1,
    transposeB: (rest & 2) === 2,
    bytes: (rest & 4) === 4,
    epilogue: epilogue < 0 ? null : epilogueOf(epilogue),
  };
}

/** The numbers 0 to `count` - 1. */
function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/**
 * Defines `fetch<Operand>(step, quad, end)`: steps `step` to `step + 4` of a quad, those from `end`
 * on as zeros.
 *
 * @param along whether a row of the stored matrix runs along the steps
 * @param size  the parameter that counts rows (columns) of the operand
 */
function fetch(operand: "a" | "b", along: boolean, bytes: boolean, size: "m" | "n"): string {
  const load = (row: string, column: string) => {
    const element = `${operand}[p.${operand}Offset + ${row} * p.${operand}Stride + ${column}]`;
    return bytes ? `unpack(${element})` : element;
  };
  const last = `p.${operand}Stride - 1u`;
  const body = along
    ? `let column = min(step >> 2u, ${last});
  ${
      range(4).map((i) =>
        `let v${i} = ${load(`min(4u * quad + ${i}u, p.${size} - 1u)`, "column")};`
      )
        .join("\n  ")
    }
  var block = Block(
    ${
      ["x", "y", "z", "w"].map((l) => `vec4f(${range(4).map((i) => `v${i}.${l}`).join(", ")})`)
        .join(",\n    ")
    });`
    : `let column = min(quad, ${last});
  var block = Block(
    ${range(4).map((i) => load(`min(step + ${i}u, p.k - 1u)`, "column")).join(",\n    ")});`;
  return `
fn fetch${operand.toUpperCase()}(step: u32, quad: u32, end: u32) -> Block {
  ${body}
  ${
    range(4).map((i) => `block.s${i} = select(vec4f(0.0), block.s${i}, step + ${i}u < end);`)
      .join("\n  ")
  }
  return block;
}`;
}

/** The products of one round, `depth` steps written out. */
function multiply({ block, depth }: Tiling, across: number): string {
  const parts = range(block / 4);
  return range(depth).map((step) =>
    `{
      ${parts.map((i) => `let a${i} = aTile[slice][${step}][down + ${i * across}u];`).join(" ")}
      ${parts.map((j) => `let b${j} = bTile[slice][${step}][right + ${j * across}u];`).join(" ")}
      ${
      range(block).map((i) =>
        parts.map((j) => {
          const sum = `sum${i}_${j}`;
          return `${sum} = fma(vec4f(a${i >> 2}.${"xyzw"[i & 3]}), b${j}, ${sum});`;
        }).join(" ")
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

export function gemm(variant: GemmVariant, software: boolean): Shader {
  const { tiling, transposeA, transposeB, bytes, epilogue } = variant;
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
  return shader(
    "gemm",
    `m: u32, n: u32, k: u32, chunkSteps: u32,
  aOffset: u32, aStride: u32, bOffset: u32, bStride: u32, ${EPILOGUE_PARAMETERS}`,
    [
      ["c", "vec4f", "write"],
      ["a", bytes ? "u32" : "vec4f", "read"],
      ["b", "vec4f", "read"],
      ...epilogue ? epilogueBindings(epilogue) : [],
    ],
    `
/** Four steps of a quad. */
struct Block { s0: vec4f, s1: vec4f, s2: vec4f, s3: vec4f }

var<workgroup> aTile: array<array<array<vec4f, ${quads}>, ${depth}>, ${slices}>;
var<workgroup> bTile: array<array<array<vec4f, ${quads}>, ${depth}>, ${slices}>;

fn unpack(word: u32) -> vec4f {
  return vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
}
${fetch("a", !transposeA, bytes, "m")}
${fetch("b", transposeB, false, "n")}
${epilogue ? epilogueFunctions(epilogue, software) : ""}

@compute @workgroup_size(${GEMM_THREADS})
fn main(@builtin(workgroup_id) groupId: vec3u, @builtin(local_invocation_index) thread: u32) {
  let begin = groupId.z * p.chunkSteps;
  let end = min(p.k, begin + p.chunkSteps);

  // The block to bring: neighbouring threads take neighbouring steps and quads.
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

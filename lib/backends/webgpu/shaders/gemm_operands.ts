/**
 * What every kernel of a product has: its parameters, its buffers, and how it reads four steps of four
 * rows of op(a) or four columns of op(b), whichever way the matrix is stored.
 */
import { EPILOGUE_PARAMETERS, epilogueBindings, epilogueFunctions } from "./gemm_epilogue.ts";
import type { GemmVariant } from "./gemm_variant.ts";
import { type Shader, shader } from "./shader.ts";

/** The numbers 0 to `count` - 1. */
export function range(count: number): number[] {
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

/** Adds to a sum: row `row` of `a`, four rows of op(a), times `b`, four columns of op(b). */
export function addProducts(sum: string, a: string, row: number, b: string): string {
  return `${sum} = fma(vec4f(${a}.${"xyzw"[row]}), ${b}, ${sum});`;
}

/** A kernel with the functions fetchA, fetchB and, where there is an epilogue, finish. */
export function gemmShader(variant: GemmVariant, software: boolean, body: string): Shader {
  const { transposeA, transposeB, bytes, epilogue } = variant;
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

fn unpack(word: u32) -> vec4f {
  return vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
}
${fetch("a", !transposeA, bytes, "m")}
${fetch("b", transposeB, false, "n")}
${epilogue ? epilogueFunctions(epilogue, software) : ""}
${body}`,
  );
}

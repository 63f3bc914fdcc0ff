/**
 * What the processor could do at most: 128-bit multiply-adds on registers alone, with twelve independent chains so that
 * neither latency nor memory counts. Assembled here, byte by byte: it is no kernel of Weft, and needs no compiler.
 */
import { measure } from "./statistics.ts";

const CHAINS = 12;
const ITERATIONS = 20_000;

/** Operations of a 128-bit multiply-add: two on each of four lanes. */
const OPERATIONS = 8;

const [I32, F32, V128] = [0x7f, 0x7d, 0x7b];
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const SPLAT = [0xfd, 0x13];
const ADD = [0xfd, 0xe4, 0x01];
const MULTIPLY_ADD = [0xfd, 0x85, 0x02];
const FIRST_LANE = [0xfd, 0x1f, 0];

/** Parameters: the number of iterations, and two factors; locals: the factors in every lane, and the chains. */
const [N, F, G, X, Y, FIRST_CHAIN] = [0, 1, 2, 3, 4, 5];

function section(id: number, contents: readonly number[]): number[] {
  return [id, ...leb128(contents.length), ...contents];
}

/** WebAssembly's way of writing whole numbers of any size. */
function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...leb128(value >> 7)];
}

/** A module whose function "limit" repeats a multiply-add in every chain, and returns the sum of all. */
function assemble(): Uint8Array<ArrayBuffer> {
  const chains = Array.from({ length: CHAINS }, (_, i) => FIRST_CHAIN + i);
  const code = [
    ...[[F, X], [G, Y]].flatMap(([from, to]) => [LOCAL_GET, from, ...SPLAT, LOCAL_SET, to]),
    ...chains.flatMap((chain) => [LOCAL_GET, X, LOCAL_SET, chain]),
    ...[0x03, 0x40], // loop
    ...chains.flatMap((
      chain,
    ) => [LOCAL_GET, X, LOCAL_GET, Y, LOCAL_GET, chain, ...MULTIPLY_ADD, LOCAL_SET, chain]),
    ...[LOCAL_GET, N, 0x41, 1, 0x6b, LOCAL_TEE, N, 0x0d, 0], // n -= 1; again, if it is not 0
    0x0b,
    ...chains.flatMap((chain, i) => [LOCAL_GET, chain, ...(i > 0 ? ADD : [])]),
    ...[...FIRST_LANE, 0x0b],
  ];
  const body = [1, 2 + CHAINS, V128, ...code]; // one group of locals
  const name = [...new TextEncoder().encode("limit")];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, F32, F32, 1, F32]), // types
    ...section(3, [1, 0]), // functions
    ...section(7, [1, name.length, ...name, 0, 0]), // exports
    ...section(10, [1, ...leb128(body.length), ...body]), // code
  ]);
}

/**
 * GFLOP/s of one thread.
 *
 * @returns null where the engine does not fuse multiply-adds
 */
export async function multiplyAddLimit(): Promise<number | null> {
  const wasm = assemble();
  if (!WebAssembly.validate(wasm)) return null;
  const { instance } = await WebAssembly.instantiate(wasm);
  const limit = instance.exports.limit as (iterations: number, f: number, g: number) => number;
  const [f, g] = [0.5, 0.5];
  for (let i = 0; i < 2000; i++) limit(100, f, g);
  const { median } = await measure(() => limit(ITERATIONS, f, g));
  return ITERATIONS * CHAINS * OPERATIONS / median / 1e6;
}

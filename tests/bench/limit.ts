/**
 * What the processor could do at most: 128-bit multiply-adds on registers alone, with twelve independent chains so that
 * neither latency nor memory counts. Compiled from the text below, because it is no kernel of Weft.
 */
import asc from "assemblyscript/asc";
import { measure } from "./statistics.ts";

const CHAINS = 12;
const ITERATIONS = 20_000;

const chains = Array.from({ length: CHAINS }, (_, i) => i);
const SOURCE = `
export function limit(iterations: i32, at: usize): f32 {
  const x = v128.load(at), y = v128.load(at, 16);
  ${chains.map((i) => `let a${i} = x;`).join(" ")}
  for (let i = 0; i < iterations; i++) {
    ${chains.map((i) => `a${i} = f32x4.relaxed_madd(x, y, a${i});`).join(" ")}
  }
  return f32x4.extract_lane(${
  chains.map((i) => `a${i}`).reduce((a, b) => `f32x4.add(${a}, ${b})`)
}, 0);
}`;

/** GFLOP/s of one thread; a multiply-add counts as two operations on each of four lanes. */
export async function multiplyAddLimit(): Promise<number> {
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  const options = [
    "limit.ts",
    "--outFile=limit.wasm",
    "-O1",
    "--runtime=stub",
    "--initialMemory=1",
  ];
  options.push("--enable=simd", "--enable=relaxed-simd");
  const { error, stderr } = await asc.main(options, {
    readFile: (name: string) => name === "limit.ts" ? SOURCE : null,
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (contents instanceof Uint8Array) wasm = Uint8Array.from(contents);
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`The limit does not compile: ${stderr}`);
  const { instance } = await WebAssembly.instantiate(wasm);
  const limit = instance.exports.limit as (iterations: number, at: number) => number;
  for (let i = 0; i < 2000; i++) limit(100, 64);
  const { median } = await measure(() => limit(ITERATIONS, 64));
  return ITERATIONS * CHAINS * 8 / median / 1e6;
}

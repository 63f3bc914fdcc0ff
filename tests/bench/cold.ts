/** Times the first call of one kernel in this process and prints it: `cold.ts NAME THREADS BUILD`. */
import { createBackend } from "../../lib/backends/mod.ts";
import type { Simd } from "../../lib/backends/wasm/kernels.ts";
import { KERNEL_CASES } from "./kernel_cases.ts";
import { PlainBuffers } from "./plain_buffers.ts";
import { time } from "../../lib/measure/statistics.ts";

const [name, threads, simd] = Deno.args;
const kernelCase = KERNEL_CASES.find((candidate) => candidate.name === name);
if (!kernelCase) throw new Error(`No kernel is called "${name}"`);
using backend = await createBackend({
  backend: "wasm",
  threads: Number(threads),
  simd: simd as Simd,
});
using buffers = new PlainBuffers(backend);
const { run } = kernelCase.prepare(buffers);
console.log(JSON.stringify({ coldMs: time(run) }));

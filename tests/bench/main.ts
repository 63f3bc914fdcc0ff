/**
 * `deno task bench`: checks results, then measures them beside the machine's own limit and beside NumPy, in one run.
 */
import { createBackend } from "../../lib/backends/mod.ts";
import { compareEpochs } from "./epoch.ts";
import { GEMM_CASES, measureGemm } from "./gemm.ts";
import { multiplyAddLimit } from "./limit.ts";

const percent = (ratio: number) => `${(ratio * 100).toFixed(0)} %`.padStart(6);
const ms = (value: number) => `${value.toFixed(value < 10 ? 3 : 0)} ms`.padStart(10);

const limit = await multiplyAddLimit();
console.log(`128-bit multiply-add limit of one thread: ${limit.toFixed(1)} GFLOP/s\n`);

for (const simd of ["relaxed", "strict"] as const) {
  using backend = await createBackend({ backend: "wasm", simd });
  console.log(`matrix products, ${simd}, one thread   GFLOP/s  of limit      median`);
  for (const gemmCase of GEMM_CASES) {
    const { gflops, timing } = await measureGemm(backend, gemmCase);
    const speed = gflops.toFixed(1).padStart(9);
    console.log(
      `${gemmCase.name.padEnd(35)}${speed}    ${percent(gflops / limit)}  ${ms(timing.median)}`,
    );
  }
  console.log();
}

const { weft, phasesMs, peers, missing } = await compareEpochs(2);
console.log("an epoch of baseline, validation included    median   spread   Weft to it");
console.log(`${"Weft".padEnd(40)}${ms(weft.median)} ${ms(weft.spread)}`);
for (const { name, epoch } of peers) {
  const ratio = (weft.median / epoch.median).toFixed(2).padStart(8);
  console.log(`${name.padEnd(40)}${ms(epoch.median)} ${ms(epoch.spread)}     ${ratio}`);
}
for (const reason of missing) console.log(`not measured: ${reason}`);
const phases = Object.entries(phasesMs).map(([name, value]) => `${name} ${value.toFixed(0)}`);
console.log(`\nWeft's epoch by phase, ms: ${phases.join(", ")}`);

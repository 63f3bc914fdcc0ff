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
  using backend = await createBackend({ backend: "wasm", simd, threads: 1 });
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

const { weft, peers, missing } = await compareEpochs(2);
const heads = weft.map(({ threads }) => `Weft ${threads} to it`.padStart(14)).join("");
console.log(`an epoch of baseline, with validation      median   spread${heads}`);
for (const { threads, epoch } of weft) {
  const name = `Weft, ${threads} thread${threads === 1 ? "" : "s"}`;
  console.log(`${name.padEnd(38)}${ms(epoch.median)} ${ms(epoch.spread)}`);
}
for (const { name, epoch } of peers) {
  const ratios = weft.map((own) => (own.epoch.median / epoch.median).toFixed(2).padStart(14));
  console.log(`${name.padEnd(38)}${ms(epoch.median)} ${ms(epoch.spread)}${ratios.join("")}`);
}
for (const reason of missing) console.log(`not measured: ${reason}`);
for (const { threads, phasesMs } of weft) {
  const phases = Object.entries(phasesMs).map(([name, value]) => `${name} ${value.toFixed(0)}`);
  console.log(`\nby phase with ${threads}, ms: ${phases.join(", ")}`);
}

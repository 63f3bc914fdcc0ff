import assert from "node:assert/strict";
import type { Backend } from "../backend/mod.ts";
import { createBackend } from "../backends/mod.ts";
import { resolveConfig } from "../config/resolve.ts";
import { WeftError } from "../errors.ts";
import { fastestBackend } from "./calibrate.ts";

const images = {
  rows: 64,
  height: 28,
  width: 28,
  pixels: Uint8Array.from({ length: 64 * 784 }, (_, i) => i % 256),
  labels: Uint8Array.from({ length: 64 }, (_, i) => i % 10),
};
const config = resolveConfig({ hidden: [100], batchSize: 64 });

/** A back end whose every product fails, as on a device that was lost. */
async function failing(): Promise<Backend> {
  const backend = await createBackend({ backend: "reference" });
  const gemm = () => {
    throw new WeftError("The device was lost");
  };
  return { ...backend, gemm, [Symbol.dispose]: () => backend[Symbol.dispose]() };
}

Deno.test("the fastest back end for a network is found by trying, and the others are disposed of", async () => {
  const slow = await createBackend({ backend: "reference" });
  const fast = await createBackend({ backend: "wasm" });
  const other = await createBackend({ backend: "wasm", threads: 1, simd: "strict" });
  const { backend, calibration } = await fastestBackend([other, slow, fast], images, 10, config);
  assert.notEqual(backend, slow);
  assert.deepEqual(calibration.map(({ backend }) => backend), ["wasm", "reference", "wasm"]);
  const [first, reference] = calibration;
  assert.deepEqual([first.threads, first.simd], [1, "strict"]);
  assert(first.stepMs! > 0 && reference.stepMs! > first.stepMs!);
  const loser = backend === fast ? other : fast;
  assert.throws(() => loser.addBias(...three(loser)), /disposed of/);
  backend.addBias(...three(backend));
  backend[Symbol.dispose]();
});

function three(backend: Backend): Parameters<Backend["addBias"]> {
  return [backend.allocate(1, 1), backend.allocate(1, 1), backend.allocate(1, 1)];
}

Deno.test("a back end that fails loses; where all fail, the reason is said", async () => {
  const wasm = await createBackend({ backend: "wasm", threads: 1 });
  const { backend, calibration } = await fastestBackend(
    [await failing(), wasm],
    images,
    10,
    config,
  );
  assert.equal(backend, wasm);
  assert.equal(calibration[0].stepMs, null);
  backend[Symbol.dispose]();
  const none = fastestBackend([await failing()], images, 10, config);
  await assert.rejects(none, { name: "WeftError", message: "The device was lost" });
});

Deno.test("a network that takes long is tried on fewer rows, and one with few rows on those", async () => {
  for (const [hidden, batchSize, tried] of [[[3000, 3000], 64, 32], [[5], 1e9, 64]] as const) {
    const wasm = await createBackend({ backend: "wasm" });
    const options = resolveConfig({ hidden, batchSize });
    const { backend, calibration } = await fastestBackend([wasm], images, 10, options);
    backend[Symbol.dispose]();
    assert(calibration[0].batchSize <= tried, `${calibration[0].batchSize} rows`);
    assert(calibration[0].stepMs! > 0);
  }
});

Deno.test("whatever is thrown, every candidate is disposed of", async () => {
  const wasm = await createBackend({ backend: "wasm", threads: 1 });
  const reference = await createBackend({ backend: "reference" });
  const defect = {
    ...reference,
    gemm: () => {
      throw new TypeError("a defect");
    },
  };
  await assert.rejects(fastestBackend([wasm, defect], images, 10, config), TypeError);
  assert.throws(() => wasm.addBias(...three(wasm)), /disposed of/);
  const another = await createBackend({ backend: "wasm", threads: 1 });
  const large = resolveConfig({ hidden: [65536, 65536] });
  await assert.rejects(fastestBackend([another], images, 10, large), { name: "UsageError" });
  assert.throws(() => another.addBias(...three(another)), /disposed of/);
});

import assert from "node:assert/strict";
import { planContenders } from "./contender_plans.ts";

function labels(processors: number, fewThreads: boolean) {
  const backends = ["reference", "wasm"] as const;
  return planContenders({ backends, processors, fewThreads })
    .then((plans) => plans.map(({ label }) => label));
}

Deno.test("every build of the kernels runs with each number of threads", async () => {
  assert.deepEqual(await labels(4, false), [
    "reference",
    ...["strict", "relaxed"].flatMap((simd) => [1, 2, 3, 4].map((n) => `wasm ${simd} x${n}`)),
  ]);
});

Deno.test("few threads are one and all, or one where there is one processor", async () => {
  assert.deepEqual(await labels(16, true), [
    "reference",
    "wasm strict x1",
    "wasm strict x16",
    "wasm relaxed x1",
    "wasm relaxed x16",
  ]);
  assert.deepEqual(await labels(1, true), ["reference", "wasm strict x1", "wasm relaxed x1"]);
});

Deno.test("no more threads are planned than a back end takes", async () => {
  assert.equal((await labels(256, false)).at(-1), "wasm relaxed x64");
});

Deno.test("WebGPU without an adapter is a contender too, so that its row says why", async () => {
  const backends = ["webgpu"] as const;
  const plans = await planContenders({ backends, processors: 2, fewThreads: true });
  assert(plans.length > 0);
  assert.equal(new Set(plans.map(({ label }) => label)).size, plans.length);
  for (const { label, software } of plans) {
    assert.match(label, software ? /^webgpu( \d+)? \(software\)$/ : /^webgpu( \d+)?$/);
  }
});

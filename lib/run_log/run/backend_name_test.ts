import assert from "node:assert/strict";
import { nameWithAdapter } from "./backend_name.ts";

Deno.test("a back end is named with what matters for its speed", () => {
  const wasm = { backend: "wasm", threads: 2, simd: "relaxed", adapter: null };
  assert.equal(nameWithAdapter(wasm), "wasm (relaxed SIMD), 2 threads");
  const reference = { backend: "reference", threads: 1, simd: null, adapter: null };
  assert.equal(nameWithAdapter(reference), "reference, 1 thread");
  const gpu = { backend: "webgpu", threads: 1, simd: null, adapter: "llvmpipe (software)" };
  assert.equal(nameWithAdapter(gpu), "webgpu, llvmpipe (software)");
});

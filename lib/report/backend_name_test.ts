import assert from "node:assert/strict";
import { nameBackend } from "./backend_name.ts";

Deno.test("a back end is named with what matters for its speed", () => {
  const wasm = { backend: "wasm", threads: 2, simd: "relaxed", adapter: null };
  assert.equal(nameBackend(wasm), "wasm (relaxed SIMD), 2 threads");
  const reference = { backend: "reference", threads: 1, simd: null, adapter: null };
  assert.equal(nameBackend(reference), "reference, 1 thread");
  const gpu = { backend: "webgpu", threads: 1, simd: null, adapter: "llvmpipe (software)" };
  assert.equal(nameBackend(gpu), "webgpu, llvmpipe (software)");
});

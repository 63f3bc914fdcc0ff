/** Making back ends and doing away with them. */
import assert from "node:assert/strict";
import { createBackend, kernelsToImport, UsageError, WeftError } from "../../lib/mod.ts";

Deno.test("options that no back end has are refused in one line", async () => {
  const refusals: readonly [Record<string, unknown>, string][] = [
    [{ backend: "cuda" }, 'the back end "cuda": give wasm or webgpu or reference or auto'],
    [{ simd: "avx" }, 'the build of the kernels "avx": give strict or relaxed or auto'],
    [{ threads: 0 }, "0 threads: it must be a whole number from 1 to 64"],
    [{ threads: 1.5 }, "1.5 threads: it must be a whole number from 1 to 64"],
    [{ threads: 65 }, "65 threads: it must be a whole number from 1 to 64"],
  ];
  for (const [options, line] of refusals) {
    await assert.rejects(() => createBackend(options), (error) => {
      assert(error instanceof UsageError);
      assert.equal(error.message, `Cannot compute with ${line}`);
      return true;
    });
  }
});

for (const threads of [1, 3]) {
  Deno.test(`a back end of ${threads} threads can be disposed of twice, but not used again`, async () => {
    const backend = await createBackend({ backend: "wasm", threads });
    const matrix = backend.allocate(300, 300);
    backend.activation("sigmoid", matrix, matrix);
    backend[Symbol.dispose]();
    backend[Symbol.dispose]();
    assert.throws(() => backend.activation("sigmoid", matrix, matrix), (error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, /^Cannot compute on a back end that has been disposed of/);
      return true;
    });
  });
}

for (const simd of ["strict", "relaxed"] as const) {
  Deno.test(`kernels that were compiled beforehand compute the same bits: ${simd}`, async () => {
    const module = new WebAssembly.Module(await kernelsToImport(simd));
    using given = await createBackend({ kernels: module, threads: 4 });
    using compiled = await createBackend({ simd, threads: 1 });
    const { refusedThreads, ...description } = given.description;
    assert.deepEqual(description, { backend: "wasm", threads: 1, simd, adapter: null });
    assert.match(refusedThreads!, /^1 of 4 threads compute: no memory can be shared /);
    const products = [];
    for (const backend of [given, compiled]) {
      const [a, b, c] = [1, 2, 3].map(() => backend.allocate(37, 37));
      backend.write(a, Float32Array.from({ length: 37 * 37 }, (_, i) => Math.sin(i)));
      backend.write(b, Float32Array.from({ length: 37 * 37 }, (_, i) => Math.cos(3 * i)));
      backend.gemm(c, a, b);
      products.push(await backend.read(c));
    }
    assert.deepEqual(products[0], products[1]);
  });
}

/** Making back ends and doing away with them. */
import assert from "node:assert/strict";
import { createBackend, UsageError, WeftError } from "../lib/mod.ts";

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
    backend.sigmoidForward(matrix, matrix);
    backend[Symbol.dispose]();
    backend[Symbol.dispose]();
    assert.throws(() => backend.sigmoidForward(matrix, matrix), (error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, /^Cannot compute on a back end that has been disposed of/);
      return true;
    });
  });
}

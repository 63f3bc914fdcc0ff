/** Speed of matrix products, each checked against the reference first. */
import type { Backend, GemmOptions } from "../../lib/backend.ts";
import { createBackend } from "../../lib/backends/mod.ts";
import { measure, type Timing } from "./statistics.ts";

export interface GemmCase {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly options: GemmOptions;
}

/** A large product, and those of the baseline network with batches of 256. */
export const GEMM_CASES: readonly GemmCase[] = [
  { name: "1024 x 1024 x 1024", m: 1024, n: 1024, k: 1024, options: {} },
  { name: "layer 1 forward", m: 256, n: 100, k: 784, options: {} },
  { name: "layer 1 dW", m: 784, n: 100, k: 256, options: { transposeA: true } },
  { name: "layer 2 forward", m: 256, n: 10, k: 100, options: {} },
  { name: "layer 2 dW", m: 100, n: 10, k: 256, options: { transposeA: true } },
  { name: "layer 2 dX", m: 256, n: 100, k: 10, options: { transposeB: true } },
];

/** Numbers in [-1, 1) that do not repeat; the same every time. */
function values(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return state / 2 ** 31;
  });
}

/** Operands of `gemmCase` on `backend`, and a function that multiplies them. */
function prepare(backend: Backend, { m, n, k, options }: GemmCase) {
  const a = options.transposeA ? backend.allocate(k, m) : backend.allocate(m, k);
  const b = options.transposeB ? backend.allocate(n, k) : backend.allocate(k, n);
  const c = backend.allocate(m, n);
  backend.write(a, values(m * k));
  backend.write(b, values(k * n));
  return { run: () => backend.gemm(c, a, b, options), result: () => backend.read(c) };
}

/** Throws unless every element is within K eps max|a| max|b| of the reference, the error bound of the sum. */
async function check(backend: Backend, gemmCase: GemmCase): Promise<void> {
  // The large product would take the reference a minute; fewer rows are multiplied by the same code.
  const small = { ...gemmCase, m: Math.min(gemmCase.m, 132) };
  using reference = await createBackend({ backend: "reference" });
  const [product, oracle] = [prepare(backend, small), prepare(reference, small)];
  product.run();
  oracle.run();
  const [actual, expected] = [await product.result(), await oracle.result()];
  const tolerance = small.k * 2 ** -23;
  const worst = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0);
  if (!(worst <= tolerance)) {
    throw new Error(`${gemmCase.name} is off by ${worst}, above ${tolerance}`);
  }
}

/** GFLOP/s of one case, after checking it. */
export async function measureGemm(
  backend: Backend,
  gemmCase: GemmCase,
): Promise<{ gflops: number; timing: Timing }> {
  await check(backend, gemmCase);
  const { run } = prepare(backend, gemmCase);
  const timing = await measure(run);
  const { m, n, k } = gemmCase;
  return { gflops: 2 * m * n * k / timing.median / 1e6, timing };
}

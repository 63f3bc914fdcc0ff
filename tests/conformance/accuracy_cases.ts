/**
 * How exactly exp, tanh, the sigmoid and gelu are computed, over the whole range of float32: every 1009th
 * of its 2^32 bit patterns (about 4.3 million; a prime, so that no bit stands still), and the ends.
 * Compared with Math in float64.
 */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/mod.ts";
import { normalDistribution } from "../../lib/backends/reference/normal_distribution.ts";
import type { Activation } from "../../lib/nn/activations.ts";
import type { Cases } from "./suite.ts";
import { EXP, GELU, SIGMOID, SMALLEST_NORMAL, SUBNORMAL, TANH, U } from "./tolerance.ts";

const PATTERNS = 2 ** 32;
const STRIDE = 1009;
const CHUNK = 1 << 16;

const LARGEST = 3.4028234663852886e38;
const ENDS = [
  0,
  SUBNORMAL,
  SMALLEST_NORMAL,
  0.625,
  17,
  87.34,
  88.73,
  103.9,
  104,
  LARGEST,
  Infinity,
];

/** The values to try, in chunks of equal size. */
function* float32Values(): Generator<Float32Array<ArrayBuffer>, void, void> {
  yield Float32Array.from({ length: CHUNK }, (_, i) => {
    const end = ENDS[(i >> 1) % ENDS.length];
    return i & 1 ? -end : end;
  });
  const values = new Float32Array(CHUNK);
  const bits = new Uint32Array(values.buffer);
  for (let first = 0; first < PATTERNS; first += CHUNK * STRIDE) {
    // The last chunk stops at the last pattern, a NaN.
    for (let i = 0; i < CHUNK; i++) bits[i] = Math.min(first + i * STRIDE, PATTERNS - 1);
    yield values;
  }
}

/** The worst seen, and where. */
class Worst {
  #relative = { error: 0, at: 0 };
  #subnormal = { error: 0, at: 0 };

  /** Takes note of one result; NaN belongs to NaN, and infinity nowhere. */
  record(x: number, actual: number, expected: number): void {
    if (Number.isNaN(expected) && Number.isNaN(actual)) return;
    const error = Math.abs(actual - expected);
    if (Math.abs(expected) < SMALLEST_NORMAL) {
      if (!(error <= this.#subnormal.error)) this.#subnormal = { error, at: x };
    } else if (!(error <= this.#relative.error * Math.abs(expected))) {
      this.#relative = { error: error / Math.abs(expected), at: x };
    }
  }

  /** @param below the error allowed below the normal range: one unit of the last place */
  requireAtMost(bound: number, below = SUBNORMAL): void {
    const { error, at } = this.#relative;
    assert(error <= bound, `relative error ${error} at ${at}; ${bound} is promised`);
    const { error: absolute, at: x } = this.#subnormal;
    assert(absolute <= below, `error ${absolute} at ${x}, below the normal range`);
  }
}

async function requireAccuracy(
  backend: Backend,
  kind: Activation,
  definition: (x: number) => number,
  bound: number,
  below?: number,
): Promise<void> {
  const [y, x] = [backend.allocate(1, CHUNK), backend.allocate(1, CHUNK)];
  const worst = new Worst();
  for (const values of float32Values()) {
    backend.write(x, values);
    backend.activation(kind, y, x);
    const results = await backend.read(y);
    for (let i = 0; i < CHUNK; i++) worst.record(values[i], results[i], definition(values[i]));
  }
  worst.requireAtMost(bound, below);
}

export const accuracyCases: Cases = {
  "sigmoid is accurate over all of float32": async (backend) => {
    const sigmoid = (x: number) => {
      const e = Math.exp(-Math.abs(x));
      return x < 0 ? e / (1 + e) : 1 / (1 + e);
    };
    await requireAccuracy(backend, "sigmoid", sigmoid, SIGMOID);
  },

  "tanh is accurate over all of float32": async (backend) => {
    await requireAccuracy(backend, "tanh", Math.tanh, TANH);
  },

  "gelu is accurate over all of float32": async (backend) => {
    const gelu = (x: number) => x === -Infinity ? 0 : x * normalDistribution(x);
    await requireAccuracy(backend, "gelu", gelu, GELU, GELU * SMALLEST_NORMAL + SUBNORMAL);
  },

  "exp is accurate over all of float32 that is not positive": async (backend) => {
    // Of the logits x and 0, the quotient of the probabilities is e^x, with the rounding of one
    // product.
    const [p, logits] = [backend.allocate(CHUNK, 2), backend.allocate(CHUNK, 2)];
    const pairs = new Float32Array(2 * CHUNK);
    const worst = new Worst();
    for (const values of float32Values()) {
      for (let i = 0; i < CHUNK; i++) pairs[2 * i] = values[i] > 0 ? -values[i] : values[i];
      backend.write(logits, pairs);
      backend.softmax(p, logits);
      const results = await backend.read(p);
      for (let i = 0; i < CHUNK; i++) {
        const x = pairs[2 * i];
        worst.record(x, results[2 * i] / results[2 * i + 1], Math.exp(x));
      }
    }
    worst.requireAtMost(EXP + U);
  },
};

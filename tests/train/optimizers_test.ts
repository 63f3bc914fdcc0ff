/**
 * Optimizers against PyTorch's, step by step, from the same weights and gradients (tests/golden/make_optimizers.py).
 *
 * PyTorch's weights are float64's. A step of ours has at most 40 roundings in a row (tests/conformance/updates.ts counts
 * them; the norm's sums are of 13 squares), each of something that is no larger than the weights are and the way that the
 * fastest of them has gone by then; after t steps there were t times as many.
 */
import assert from "node:assert/strict";
import golden from "../golden/optimizers.json" with { type: "json" };
import type { Backend, Matrix } from "../../lib/backend/mod.ts";
import { type BackendOptions, createBackend } from "../../lib/backends/mod.ts";
import type { TrainConfig } from "../../lib/config/options.ts";
import { resolveConfig } from "../../lib/config/resolve.ts";
import { GradientClipping } from "../../lib/nn/gradient_clipping.ts";
import type { Parameter } from "../../lib/nn/optimizers.ts";
import { createOptimizer, OPTIMIZERS } from "../../lib/nn/optimizers/mod.ts";
import { NO_ADAPTER } from "../backends/adapter.ts";
import { testUnless } from "../support/cli.ts";
import { U } from "../conformance/tolerance.ts";
import { toyImages } from "../support/toy_images.ts";
import { runTraining } from "./training_run.ts";

const ROUNDINGS = 40;

type Tensors = Readonly<Record<string, readonly number[]>>;
interface Case {
  readonly name: string;
  readonly config: Partial<TrainConfig>;
  readonly steps: readonly Tensors[];
}

const CASES = golden.cases as unknown as readonly Case[];
const START: Tensors = golden.start;
const GRADIENTS: readonly Tensors[] = golden.gradients;

const BACKENDS: Readonly<Record<string, readonly [BackendOptions, string | null]>> = {
  reference: [{ backend: "reference" }, null],
  "wasm strict": [{ backend: "wasm", simd: "strict" }, null],
  "wasm auto": [{ backend: "wasm" }, null],
  webgpu: [{ backend: "webgpu" }, NO_ADAPTER],
};

function parametersOn(backend: Backend, slots: readonly string[]): Parameter[] {
  return Object.entries(golden.shapes).map(([name, [rows, columns]]) => {
    const like = () => backend.allocate(rows, columns);
    const value = like();
    backend.write(value, Float32Array.from(START[name]));
    return {
      name,
      value,
      gradient: like(),
      slots: slots.map(like),
      penalized: /weight/.test(name),
    };
  });
}

/** The longest way that a weight of a case has gone by each step. */
function waysOf({ steps }: Case): number[] {
  const ways = new Map(Object.entries(START).map(([name, values]) => [name, values.map(() => 0)]));
  return steps.map((step, t) => {
    const before = t === 0 ? START : steps[t - 1];
    for (const [name, way] of ways) {
      way.forEach((_, i) => way[i] += Math.abs(step[name][i] - before[name][i]));
    }
    return Math.max(...[...ways.values()].flat());
  });
}

async function requireSteps(backend: Backend, wanted: Case): Promise<void> {
  const config = resolveConfig(wanted.config);
  const optimizer = createOptimizer(config);
  const parameters = parametersOn(backend, optimizer.slots);
  using clipping = config.clipNorm > 0
    ? new GradientClipping(backend, parameters, config.clipNorm)
    : null;
  const ways = waysOf(wanted);
  for (const [number, tensors] of wanted.steps.entries()) {
    for (const { name, gradient } of parameters) {
      backend.write(gradient, Float32Array.from(GRADIENTS[number][name]));
    }
    optimizer.step(backend, parameters, {
      number,
      learningRate: golden.learningRates[number],
      batchRows: golden.batchRows,
      scale: clipping?.scale() ?? null,
    });
    for (const { name, value } of parameters) {
      const is = await backend.read(value as Matrix);
      tensors[name].forEach((expected, i) => {
        const allowed = ROUNDINGS * (number + 1) * U * (Math.abs(expected) + ways[number]) + 1e-9;
        const off = Math.abs(is[i] - expected);
        assert(
          off <= allowed,
          `${wanted.name}, step ${number + 1}, ${name}[${i}]: ${is[i]} for ${expected}, ` +
            `off by ${off} where ${allowed} is allowed`,
        );
      });
    }
  }
}

for (const [name, [options, ignored]] of Object.entries(BACKENDS)) {
  testUnless(ignored, `${name}: optimizers go PyTorch's way, step by step`, async () => {
    using backend = await createBackend(options);
    for (const each of CASES) await requireSteps(backend, each);
  });
}

Deno.test("there are golden steps of every optimizer, with clipping and without", () => {
  for (const optimizer of OPTIMIZERS) {
    const cases = CASES.filter(({ config }) => config.optimizer === optimizer);
    assert(cases.some(({ config }) => config.clipNorm), optimizer);
    assert(cases.some(({ config }) => !config.clipNorm), optimizer);
  }
});

for (const optimizer of OPTIMIZERS) {
  Deno.test(`with ${optimizer} the loss goes down, by every schedule`, async () => {
    const learningRate = { sgd: 0.5, momentum: 0.1, adam: 0.02, adamw: 0.02, rmsprop: 0.02 };
    for (const schedule of ["constant", "step", "cosine", "one-cycle"] as const) {
      const { epochs, end } = await runTraining({
        train: toyImages(60, 3),
        config: {
          hidden: [5],
          batchSize: 10,
          epochs: 20,
          optimizer,
          schedule,
          learningRate: learningRate[optimizer],
          initializer: "glorot-uniform",
          clipNorm: schedule === "cosine" ? 1 : 0,
        },
      });
      assert.equal(end.status, "completed");
      const [first, last] = [epochs[0], epochs[19]];
      assert(last.trainLoss < 0.7 * first.trainLoss, `${schedule}: ${last.trainLoss}`);
      assert.equal(last.learningRate === first.learningRate, schedule === "constant");
    }
  });
}

import assert from "node:assert/strict";
import fc from "fast-check";
import golden from "../../tests/golden/optimizers.json" with { type: "json" };
import { SCHEDULES } from "../config/option.ts";
import type { TrainConfig } from "../config/options.ts";
import { PRESETS } from "../config/presets.ts";
import { learningRateAt, warmupSteps } from "./schedule.ts";

const BASE: TrainConfig = { ...PRESETS.baseline, learningRate: 0.1 };

for (const { name, config, epochs, batches, rates } of golden.schedules) {
  Deno.test(`rates are those of PyTorch's schedulers: ${name}`, () => {
    assert.equal(rates.length, epochs * batches);
    rates.forEach((expected, step) => {
      const is = learningRateAt({ ...BASE, ...config as object }, step, { epochs, batches });
      // Some of its schedulers get a rate from the one before, so that roundings of float64 add up.
      const allowed = 8 * (step + 1) * 2 ** -53 * 0.1;
      assert(Math.abs(is - expected) <= allowed, `step ${step}: ${is} for ${expected}`);
    });
  });
}

Deno.test("a constant rate is the rate itself, and the last step of a warm-up reaches it", () => {
  assert.equal(learningRateAt(BASE, 17, { epochs: 3, batches: 10 }), 0.1);
  const warm = { ...BASE, warmup: 0.5 };
  assert.equal(learningRateAt(warm, 0, { epochs: 2, batches: 4 }), 0.1 / 4);
  assert.equal(learningRateAt(warm, 3, { epochs: 2, batches: 4 }), 0.1);
});

Deno.test("a warm-up below 1 is a part of all steps, from 1 on it is epochs", () => {
  const duration = { epochs: 8, batches: 10 };
  const cases = [[0, 0], [0.25, 20], [0.99, 79], [1, 10], [1.5, 15], [9, 90]];
  for (const [warmup, steps] of cases) assert.equal(warmupSteps(warmup, duration), steps);
});

Deno.test("whatever the length, every rate is finite, at least 0 and at most the configured one", () => {
  const parts = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(fc.property(
    fc.constantFrom(...SCHEDULES),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 7 }),
    parts,
    fc.double({ min: 0, max: 6, noNaN: true }),
    (schedule, epochs, batches, pctStart, warmup) => {
      const config = { ...BASE, schedule, pctStart, warmup };
      for (let step = 0; step < epochs * batches; step++) {
        const rate = learningRateAt(config, step, { epochs, batches });
        assert(rate >= 0 && rate <= 0.1 * (1 + 2 ** -50), `step ${step}: ${rate}`);
      }
    },
  ));
});

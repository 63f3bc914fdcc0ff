import assert from "node:assert/strict";
import type { TrainConfig } from "./options.ts";
import { PRESETS } from "./presets.ts";
import { mergeConfig } from "./resolve.ts";
import { appliesTo, requireApplicable } from "./scope.ts";

function require(given: Partial<TrainConfig>): void {
  requireApplicable(given, mergeConfig(given, PRESETS.baseline));
}

Deno.test("what has an effect is let through, and so is what was not asked for", () => {
  require({});
  require({ l1: 1, l2: 1, clipNorm: 1, learningRate: 1, initializer: "he-normal", warmup: 3 });
  require({ optimizer: "momentum", momentum: 0.5, nesterov: true });
  require({ optimizer: "adam", beta1: 0.5, beta2: 0.5, epsilon: 1 });
  require({ optimizer: "adamw", beta1: 0.5, beta2: 0.5, epsilon: 1, weightDecay: 1 });
  require({ optimizer: "rmsprop", alpha: 0.5, epsilon: 1 });
  require({ schedule: "step", scheduleStep: 3, scheduleFactor: 0.5, warmup: 0.1 });
  require({ nesterov: false, layers: "dense 64", batchNorm: false });
  require({ schedule: "one-cycle", pctStart: 0.2, divFactor: 10, finalDivFactor: 10 });
});

Deno.test("what has no effect is refused in one line, which says with what it would have one", () => {
  const refused: readonly [Partial<TrainConfig>, string][] = [
    [
      { beta1: 0.8 },
      "--beta1 0.8 with --optimizer sgd: it has no effect there; leave it out, or use --optimizer adam or adamw",
    ],
    [
      { optimizer: "adam", weightDecay: 0.1 },
      "--weight-decay 0.1 with --optimizer adam: it has no effect there; leave it out, or use --optimizer adamw",
    ],
    [
      { optimizer: "adam", nesterov: true },
      "--nesterov with --optimizer adam: it has no effect there; leave it out, or use --optimizer momentum",
    ],
    [
      { layers: "dense 64", dropout: 0.5 },
      '--dropout 0.5 with --layers "dense 64": it has no effect there; leave it out, or leave out --layers "dense 64"',
    ],
    [
      { schedule: "one-cycle", warmup: 2 },
      "--warmup 2 with --schedule one-cycle: it has no effect there; leave it out, or use --schedule constant or " +
      "step or cosine",
    ],
    [
      { pctStart: 0.5 },
      "--pct-start 0.5 with --schedule constant: it has no effect there; leave it out, or use --schedule one-cycle",
    ],
  ];
  for (const [given, line] of refused) {
    assert.throws(() => require(given), { name: "UsageError", message: `Cannot use ${line}` });
  }
});

Deno.test("of a preset's own values, those of what it does not use have no effect", () => {
  const { baseline } = PRESETS;
  assert(appliesTo("learningRate", baseline) && appliesTo("clipNorm", baseline));
  assert(!appliesTo("momentum", baseline) && !appliesTo("scheduleStep", baseline));
});

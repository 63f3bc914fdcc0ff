import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import type { TrainConfig } from "./options.ts";
import { DEFAULTS, PRESETS } from "./presets.ts";
import { mergeConfig, recordedConfig, resolveConfig } from "./resolve.ts";

Deno.test("without overrides the configuration is the preset's", () => {
  assert.deepEqual(resolveConfig(), PRESETS.baseline);
  for (const [preset, config] of Object.entries(PRESETS)) {
    assert.deepEqual(resolveConfig({}, preset), config);
  }
});

Deno.test("what is given wins over the preset, and what is undefined does not count", () => {
  const config = resolveConfig({ hidden: [37, 64], l2: 0.5, epochs: undefined, seed: 0 });
  assert.deepEqual(config, { ...PRESETS.baseline, hidden: [37, 64], l2: 0.5, seed: 0 });
});

Deno.test("what a log or a state does not name is as it was before there was the option", () => {
  assert.deepEqual(recordedConfig({}), DEFAULTS);
  const { flip: _, ...older } = PRESETS.accurate;
  assert.deepEqual(recordedConfig(older), { ...PRESETS.accurate, flip: false });
  assert.deepEqual(recordedConfig({ patience: 3 }), { ...DEFAULTS, patience: 3 });
});

Deno.test("where nothing validates, a preset hands over no best epoch, but a patience that is given stays", () => {
  const { patience, restoreBest } = resolveConfig({ validation: 0 }, "tabular");
  assert.deepEqual([patience, restoreBest], [0, false]);
  assert.equal(resolveConfig({ validation: 0, patience: 3 }, "tabular").patience, 3);
  assert(resolveConfig({}, "tabular").restoreBest);
});

Deno.test("with patience the best epoch is handed over, unless the opposite is given", () => {
  assert(resolveConfig({ patience: 1 }).restoreBest);
  assert(!resolveConfig({ patience: 1, restoreBest: false }).restoreBest);
});

Deno.test("hidden sizes and an activation take the place of a preset's layers", () => {
  const base = { ...DEFAULTS, layers: "dense 8, tanh" };
  for (const given of [{ hidden: [5] }, { activation: "relu" }] as const) {
    assert.deepEqual(mergeConfig(given, base), { ...DEFAULTS, ...given });
  }
  assert.equal(mergeConfig({ dropout: 0.5, hidden: undefined }, base).layers, base.layers);
  assert.equal(mergeConfig({ ...base, hidden: [5] }, DEFAULTS).layers, base.layers);
});

Deno.test("an option that there is not is refused, unless it is undefined", () => {
  const unknown: object = { dropuot: 0.5, epochs: 1 };
  for (const read of [resolveConfig, recordedConfig]) {
    assert.throws(() => read(unknown), {
      name: "UsageError",
      message: /^Cannot train with the option "dropuot": options are hidden, activation, /,
    });
    assert.deepEqual(read({ dropuot: undefined } as object), DEFAULTS);
  }
});

Deno.test("the ends of every range are in it", () => {
  const least = { learningRate: 5e-324, batchSize: 1, epochs: 1, l1: 0, l2: 0, seed: 0 };
  const most = { seed: 2 ** 32 - 1, splitSeed: 2 ** 32 - 1, hidden: [65536], batchSize: 1e9 };
  for (const config of [least, most, { hidden: [] }, { hidden: [1, 1, 1] }]) {
    assert.deepEqual(resolveConfig(config), { ...PRESETS.baseline, ...config });
  }
});

Deno.test("a value out of its range is refused in one line that names it", () => {
  const refused: readonly [Partial<Record<keyof TrainConfig, unknown>>, string][] = [
    [{ learningRate: 0 }, "a learning rate of 0: it must be a number above 0"],
    [{ learningRate: -0.1 }, "a learning rate of -0.1: it must be a number above 0"],
    [{ learningRate: NaN }, "a learning rate of NaN: it must be a number above 0"],
    [{ learningRate: Infinity }, "a learning rate of Infinity: it must be a number above 0"],
    [{ learningRate: "0.1" }, "a learning rate of 0.1: it must be a number above 0"],
    [{ batchSize: 0 }, "a batch size of 0: it must be a whole number of at least 1"],
    [{ batchSize: 2.5 }, "a batch size of 2.5: it must be a whole number of at least 1"],
    [{ batchSize: 2 ** 60 }, `a batch size of ${2 ** 60}: it must be a whole number of at least 1`],
    [{ epochs: 0 }, "a number of epochs of 0: it must be a whole number of at least 1"],
    [{ epochs: 1.5 }, "a number of epochs of 1.5: it must be a whole number of at least 1"],
    [{ epochs: -3 }, "a number of epochs of -3: it must be a whole number of at least 1"],
    [{ l1: -1 }, "an L1 penalty of -1: it must be a number of at least 0"],
    [{ l2: NaN }, "an L2 penalty of NaN: it must be a number of at least 0"],
    [
      { seed: -1 },
      `a seed of -1: it must be a whole number of at least 0 and at most ${2 ** 32 - 1}`,
    ],
    [
      { splitSeed: 2 ** 32 },
      `a split seed of ${2 ** 32}: it must be a whole number of at least 0 and at most ${
        2 ** 32 - 1
      }`,
    ],
    [
      { hidden: [100, 0] },
      "a hidden layer size of 0: it must be a whole number of at least 1 and at most 65536",
    ],
    [
      { hidden: [65537] },
      "a hidden layer size of 65537: it must be a whole number of at least 1 and at most 65536",
    ],
    [{ momentum: 1 }, "a momentum of 1: it must be a number of at least 0 and below 1"],
    [{ beta1: -0.1 }, "a beta1 of -0.1: it must be a number of at least 0 and below 1"],
    [{ beta2: 1 }, "a beta2 of 1: it must be a number of at least 0 and below 1"],
    [{ alpha: NaN }, "a smoothing alpha of NaN: it must be a number of at least 0 and below 1"],
    [{ epsilon: 0 }, "a divisor's epsilon of 0: it must be a number of at least 1e-30"],
    [{ weightDecay: -1 }, "a weight decay of -1: it must be a number of at least 0"],
    [{ clipNorm: -1 }, "a clipping norm of -1: it must be a number of at least 0"],
    [{ scheduleStep: 0 }, "a schedule step of 0: it must be a whole number of at least 1"],
    [{ scheduleFactor: 0 }, "a schedule factor of 0: it must be a number above 0"],
    [{ pctStart: 1 }, "a rising part of 1: it must be a number of at least 0 and below 1"],
    [{ divFactor: 0.5 }, "a division factor of 0.5: it must be a number of at least 1"],
    [{ finalDivFactor: 0 }, "a final division factor of 0: it must be a number of at least 1"],
    [{ warmup: -1 }, "a warm-up of -1: it must be a number of at least 0"],
    [
      { optimizer: "lion" },
      'the optimizer "lion": optimizers are sgd, momentum, adam, adamw, rmsprop',
    ],
    [{ schedule: "" }, 'the schedule "": schedules are constant, step, cosine, one-cycle'],
    [
      { initializer: "zero" },
      'the initializer "zero": initializers are normal, glorot-normal, glorot-uniform, he-normal, he-uniform, ' +
      "lecun-normal, lecun-uniform",
    ],
    [{ dropout: 1 }, "a dropout rate of 1: it must be a number of at least 0 and below 1"],
    [{ dropout: NaN }, "a dropout rate of NaN: it must be a number of at least 0 and below 1"],
    [
      { labelSmoothing: 1.1 },
      "a label smoothing of 1.1: it must be a number of at least 0 and at most 1",
    ],
    [
      { classWeights: "even" },
      'the class weights "even": they must be "none", "balanced" or numbers above 0, one a class',
    ],
    [
      { classWeights: [1, NaN] },
      'a class weight of NaN: they must be "none", "balanced" or numbers above 0, one a class',
    ],
    [{ layers: 3 }, "the layers 3: they must be a text"],
    [{ hidden: 8 }, "hidden = 8: it must be a list of layer sizes, such as [100]"],
    [{ batchNorm: 1 }, "batchNorm = 1: it must be true or false"],
    [
      { classWeights: [1, -1] },
      'a class weight of -1: they must be "none", "balanced" or numbers above 0, one a class',
    ],
    [
      { activation: "softplus" },
      'the activation "softplus": activations are sigmoid, relu, tanh, leaky-relu, gelu',
    ],
  ];
  for (const [overrides, line] of refused) {
    assert.throws(() => resolveConfig(overrides as Partial<TrainConfig>), (error) => {
      assert(error instanceof UsageError);
      assert.equal(error.message, `Cannot train with ${line}`);
      return true;
    });
  }
});

Deno.test("an unknown preset is refused, also one that every object has", () => {
  for (const preset of ["best", "toString", ""]) {
    assert.throws(() => resolveConfig({}, preset), {
      name: "UsageError",
      message:
        `Cannot train with the preset "${preset}": presets are baseline, small, accurate, conv, conv-accurate, images, tabular`,
    });
  }
});

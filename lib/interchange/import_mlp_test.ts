import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import { encodeSafetensors, type NamedTensor } from "../model/safetensors.ts";
import { importMlp, type ImportSettings } from "./import_mlp.ts";

/** A layer whose numbers are all different, as a file has it. */
function layer(name: string, outputs: number, inputs: number): NamedTensor[] {
  const weight = Float32Array.from({ length: outputs * inputs }, (_, i) => (i + 1) / 8);
  const bias = Float32Array.from({ length: outputs }, (_, i) => i);
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], data: weight },
    { name: `${name}.bias`, shape: [outputs], data: bias },
  ];
}

function linear(): Uint8Array {
  return encodeSafetensors(layer("0", 2, 4));
}

function deep(): Uint8Array {
  return encodeSafetensors([...layer("fc1", 3, 9), ...layer("fc2", 2, 3)]);
}

function model(file: Uint8Array, settings?: ImportSettings) {
  return importMlp(file, "a.safetensors", settings).model;
}

Deno.test("weights are turned to Weft's layout, and what is not said has its default", () => {
  const { model, layers } = importMlp(linear(), "a.safetensors");
  assert.deepEqual(layers, ["0"]);
  assert.deepEqual(model, {
    architecture: { inputs: 4, hidden: [], outputs: 2, activation: "relu" },
    parameters: [{
      weights: new Float32Array([1, 5, 2, 6, 3, 7, 4, 8]).map((eighths) => eighths / 8),
      bias: new Float32Array([0, 1]),
    }],
    height: 2,
    width: 2,
    inputScale: 1 / 255,
    classNames: ["0", "1"],
    preset: "imported",
  });
});

Deno.test("a layer without a bias has zeros", () => {
  const file = encodeSafetensors(layer("0", 2, 4).slice(0, 1));
  assert.deepEqual(model(file).parameters[0].bias, new Float32Array(2));
});

Deno.test("what is said is the model's", () => {
  const { architecture, height, width, classNames, inputScale } = model(deep(), {
    activation: "tanh",
    height: 1,
    classNames: ["a", "b"],
    inputScale: 0.5,
  });
  assert.deepEqual(architecture, { inputs: 9, hidden: [3], outputs: 2, activation: "tanh" });
  assert.deepEqual({ height, width, classNames, inputScale }, {
    height: 1,
    width: 9,
    classNames: ["a", "b"],
    inputScale: 0.5,
  });
  assert.deepEqual(model(deep(), { activation: "relu", width: 9 }).height, 1);
});

Deno.test("the first layer takes x where it took (x - mean) / std, whatever these are", () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(fc.property(
    fc.float32Array({ minLength: 8, maxLength: 8, min: -4, max: 4, noNaN: true }),
    fc.float32Array({ minLength: 2, maxLength: 2, min: -4, max: 4, noNaN: true }),
    fc.array(number(0, 1), { minLength: 4, maxLength: 4 }),
    number(-1, 1),
    number(0.125, 8),
    (weight, bias, x, mean, std) => {
      const file = encodeSafetensors([
        { name: "weight", shape: [2, 4], data: weight },
        { name: "bias", shape: [2], data: bias },
      ]);
      const [folded] = model(file, { mean, std }).parameters;
      for (const o of [0, 1]) {
        const terms = x.map((value, i) => weight[o * 4 + i] * (value - mean) / std);
        const expected = terms.reduce((sum, term) => sum + term, bias[o]);
        const actual = x.reduce((sum, x, i) => sum + x * folded.weights[i * 2 + o], folded.bias[o]);
        // Each parameter is rounded once: 4 weights up to 4 / 0.125, and the bias they add up to.
        const tolerance = 2 ** -24 * (4 * 32 + 4 + 4 * 32) + 1e-12;
        assert(Math.abs(actual - expected) <= tolerance, `${actual} and ${expected}`);
      }
    },
  ));
});

Deno.test("settings that are missing or that the network cannot have are unusable", () => {
  const refusals: readonly (readonly [Uint8Array, ImportSettings, RegExp])[] = [
    [deep(), {}, /with hidden layers \(3 units\) without --activation: .*--activation relu$/],
    [linear(), { std: 0 }, /^Cannot import with --std 0: it must be a number above 0$/],
    [linear(), { std: Infinity }, /--std Infinity/],
    [linear(), { mean: NaN }, /--mean NaN: it must be a finite number$/],
    [linear(), { inputScale: -1 }, /--input-scale -1: it must be a number above 0$/],
    [linear(), { height: 3 }, /of 4 inputs with --height 3: height times width must be its inputs/],
    [linear(), { height: 1, width: 2 }, /with --height 1 and --width 2: /],
    [linear(), { width: 0 }, /with --width 0: /],
    [linear(), { height: -2, width: -2 }, /with --height -2 and --width -2: /],
    [linear(), { height: 0.5, width: 8 }, /with --height 0\.5 and --width 8: /],
    [
      encodeSafetensors(layer("0", 2, 5)),
      {},
      /of 5 inputs without --height and --width: its images are not square; give both$/,
    ],
    [linear(), { classNames: ["a"] }, /of 2 classes with 1 class names: give one a class/],
    [linear(), { classNames: ["a", "a"] }, /the class name "a" twice: each class needs its own$/],
    [linear(), { layers: ["1"] }, /with --layers 1: it has no "1"; its layers are 0$/],
  ];
  for (const [file, settings, reason] of refusals) {
    assert.throws(() => model(file, settings), (error) => {
      assert(error instanceof UsageError, `a UsageError, and not ${error}`);
      assert.match(error.message, /^Cannot import [^\n]*$/);
      assert.match(error.message, reason);
      return true;
    });
  }
});

Deno.test("numbers that are not finite, or become so in float32, are refused with their place", () => {
  const refused = (file: Uint8Array, settings: ImportSettings, message: string) =>
    assert.throws(() => model(file, settings), (error) => {
      assert(error instanceof WeftError && !(error instanceof UsageError), `${error}`);
      assert.equal(error.message, `Cannot ${message}`);
      return true;
    });
  const tensors = layer("fc", 2, 4);
  tensors[0].data[6] = NaN;
  refused(
    encodeSafetensors(tensors),
    {},
    'use a.safetensors: tensor "fc.weight" is NaN at [1, 2], ' +
      "and weights must be finite; train the model again.",
  );
  tensors[0].data[6] = 2 ** 127;
  refused(
    encodeSafetensors(tensors),
    { std: 0.5 },
    `import a.safetensors: tensor "fc.weight" is ${2 ** 127} at [1, 2], and is folded with ` +
      "--mean and --std 0.5; the result is beyond float32, in which Weft computes",
  );
});

Deno.test("a single output, over which softmax is always 1, is refused", () => {
  assert.throws(() => model(encodeSafetensors(layer("0", 1, 4))), {
    name: "WeftError",
    message: /^Cannot import a\.safetensors: its last layer has 1 output, and softmax needs 2 cl/,
  });
});

Deno.test("any byte changed gives a file that is imported or refused in one line", () => {
  const file = deep();
  const position = fc.nat({ max: file.length - 1 });
  fc.assert(
    fc.property(position, fc.nat({ max: 255 }), (position, value) => {
      const changed = file.slice();
      changed[position] = value;
      try {
        const { parameters } = model(changed, { activation: "relu" });
        assert(
          parameters.every(({ weights, bias }) =>
            [weights, bias].every((numbers) => numbers.every(Number.isFinite))
          ),
        );
      } catch (error) {
        assert(error instanceof WeftError, `a WeftError, and not ${error}`);
        assert.doesNotMatch(error.message, /[\n\r]/);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a network whose sums are beyond float32 is refused, and so is a scale", () => {
  const [weight, bias] = layer("0", 2, 4);
  const data = weight.data.map((_, i) => i < 4 ? 3e38 : 0);
  assert.throws(
    () => model(encodeSafetensors([{ ...weight, data }, bias])),
    (error) => error instanceof WeftError && /layer 0 has sums beyond float32/.test(error.message),
  );
  for (const inputScale of [1e300, 1e-300, 3e38]) {
    assert.throws(
      () => model(linear(), { inputScale }),
      (error) =>
        error instanceof UsageError && /with --input-scale \S+: it must be/.test(error.message),
    );
  }
});

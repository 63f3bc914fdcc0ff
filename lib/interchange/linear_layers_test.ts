import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import type { FloatTensor } from "../model/safetensors.ts";
import type { LinearLayer } from "./linear_layer.ts";
import { compareNaturally, linearLayers } from "./linear_layers.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

function tensorsOf(shapes: Shapes): Map<string, FloatTensor> {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, data: new Float32Array(size) }];
    }),
  );
}

function namesOf(shapes: Shapes, order?: readonly string[]): string[] {
  return linearLayers(tensorsOf(shapes), "a.safetensors", order).map(({ name }) => name);
}

/** The line that says why a file was refused, without its beginning, which all share. */
function refusalOf(shapes: Shapes): string {
  const start = "Cannot import a.safetensors: ";
  try {
    namesOf(shapes);
  } catch (error) {
    assert(error instanceof WeftError, `a WeftError, and not ${error}`);
    assert.match(error.message, /^Cannot import a\.safetensors: [^\n]*$/);
    return error.message.slice(start.length);
  }
  throw new assert.AssertionError({ message: "the file was not refused" });
}

Deno.test("layers are found under every name that PyTorch gives, in the order of their numbers", () => {
  assert.deepEqual(namesOf({ weight: [3, 4], bias: [3] }), [""]);
  assert.deepEqual(namesOf({ "10.weight": [2, 3], "2.weight": [3, 5], "0.weight": [5, 4] }), [
    "0",
    "2",
    "10",
  ]);
  assert.deepEqual(namesOf({ "fc10.weight": [2, 3], "fc2.weight": [3, 5], "fc2.bias": [3] }), [
    "fc2",
    "fc10",
  ]);
  assert.deepEqual(namesOf({ "net.1.0.weight": [2, 3], "net.0.2.weight": [3, 5] }), [
    "net.0.2",
    "net.1.0",
  ]);
  assert.deepEqual(namesOf({ "head.weight": [2, 3], "fc.weight": [3, 5] }), ["fc", "head"]);
});

Deno.test("a bias is the layer's own, or missing", () => {
  const tensors = tensorsOf({ "0.weight": [3, 4], "2.bias": [2], "2.weight": [2, 3] });
  const [first, second] = linearLayers(tensors, "a");
  assert.equal(first.bias, null);
  assert.equal(second.bias, tensors.get("2.bias"));
  assert.deepEqual([first.inputs, first.outputs, second.inputs, second.outputs], [4, 3, 3, 2]);
});

Deno.test("tensors that are no part of a linear layer are refused by their names", () => {
  const refusals: readonly (readonly [Shapes, RegExp])[] = [
    [{}, /^it holds no tensors$/],
    [{ "0.weight": [3] }, /^tensor "0\.weight" of shape \[3\] is no part of a linear layer, /],
    [{ "0.weight": [8, 1, 3, 3] }, /^tensor "0\.weight" of shape \[8, 1, 3, 3\] is no part/],
    [{ "0.bias": [] }, /^tensor "0\.bias" of shape \[\] is no part/],
    [{ "1.running_mean": [3] }, /^tensor "1\.running_mean" of shape \[3\] is no part/],
    [{ ".weight": [3, 4] }, /^tensor "\.weight" of shape \[3, 4\] is no part/],
    [{ "myweight": [3, 4] }, /^tensor "myweight" of shape/],
    [{ "0.bias": [3] }, /^tensor "0\.bias" has no "0\.weight" beside it$/],
    [{ "0.weight": [3, 0] }, /^tensor "0\.weight" of shape \[3, 0\] is empty$/],
    [
      { "0.weight": [3, 4], "0.bias": [5] },
      /^tensor "0\.bias" has the shape \[5\], but "0\.weight" is \[3, 4\] and asks for \[3\]$/,
    ],
    [{ ["w".repeat(99)]: [1] }, /^tensor "w{60}\.\.\." of shape/],
    [{ "a\nb": [1] }, /^tensor "a\\nb" of shape/],
  ];
  for (const [shapes, reason] of refusals) assert.match(refusalOf(shapes), reason);
});

Deno.test("layers that do not follow each other are refused, and so are those that could swap", () => {
  assert.equal(
    refusalOf({ "fc1.weight": [3, 4], "fc2.weight": [2, 5] }),
    'layer "fc2" takes 5 inputs, but "fc1" before it has 3 outputs; ' +
      "where the order is another than fc1,fc2, give it with --layers",
  );
  const words = { "hidden.weight": [4, 4], "input.weight": [4, 4], "output.weight": [2, 4] };
  assert.match(
    refusalOf(words),
    /^layers "hidden" and "input" both are \[4, 4\], and their names do not tell which is first; /,
  );
  const order = ["input", "hidden", "output"];
  assert.deepEqual(namesOf(words, order), order);
});

Deno.test("an order that does not name each layer once is unusable", () => {
  const shapes = { "a.weight": [3, 4], "b.weight": [2, 3] };
  const refused = (order: string[], message: RegExp) =>
    assert.throws(() => namesOf(shapes, order), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  refused(
    ["a", "a"],
    /^Cannot import a\.safetensors with --layers a,a: each .* once; its layers are a,b$/,
  );
  refused(["a", "a"], /each layer must be named once/);
  refused(["a", "b", "a"], /each layer must be named once/);
  refused(["a", "c"], /--layers a,c: it has no "c"; its layers are a,b$/);
});

Deno.test("layers that are named are taken, and all else is left out and said", () => {
  const heard: string[] = [];
  const left: string[] = [];
  const tensors = tensorsOf({
    "model.fc1.weight": [3, 4],
    "model.fc2.weight": [2, 3],
    "ema.fc1.weight": [3, 4],
    "ema.fc2.weight": [2, 3],
    "ema.fc2.bias": [2],
    "criterion.weight": [2],
    "mean": [1],
  });
  const layers = linearLayers(tensors, "a", ["model.fc1", "model.fc2"], {
    others: new Map([["global_step", "I64"]]),
    onNote: (note) => heard.push(note),
    onLeftOut: (names) => left.push(...names),
  });
  assert.deepEqual(layers.map(({ name }) => name), ["model.fc1", "model.fc2"]);
  const others = ["criterion.weight", "ema.fc1.weight", "ema.fc2.bias", "ema.fc2.weight"];
  assert.deepEqual(left.sort(), [...others, "global_step", "mean"]);
  assert.equal(heard.length, 1);
  assert.match(heard[0], /^left out: .*\(tensors: 6\)$/);
  assert.throws(
    () =>
      linearLayers(tensorsOf({ weight: [3, 4] }), "a", undefined, {
        others: new Map([["step", "I64"]]),
      }),
    /tensor "step" is of type "I64", and weights are .* name its layers with --layers$/,
  );
});

Deno.test("weights that are [inputs, outputs] are transposed, where biases or the chain tell", () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const turned = Float32Array.of(1, 4, 2, 5, 3, 6);
  const weight = { shape: [2, 3], data };
  const bias = { shape: [3], data: new Float32Array(3) };
  const heard: string[] = [];
  const onNote = (note: string) => heard.push(note);
  const [layer] = linearLayers(new Map([["weight", weight], ["bias", bias]]), "a", undefined, {
    onNote,
  });
  assert.deepEqual([layer.inputs, layer.outputs], [2, 3]);
  assert.deepEqual(layer.weight, { shape: [3, 2], data: turned });
  const [known] = linearLayers(new Map([["weight", weight]]), "a", undefined, {
    inputs: 2,
    onNote,
  });
  assert.deepEqual(known.weight.data, turned);
  assert.equal(heard.length, 2);
  assert.match(heard[0], /^weights are \[inputs, outputs\] in the file, and were transposed$/);
  const chain = linearLayers(tensorsOf({ "0.weight": [4, 3], "1.weight": [3, 2] }), "a");
  assert.deepEqual(chain.map(({ inputs, outputs }) => [inputs, outputs]), [[4, 3], [3, 2]]);
});

/** A norm of these names, whose numbers are all different. */
function norm(name: string, features: number): [string, FloatTensor][] {
  const vector = (first: number) => ({
    shape: [features],
    data: Float32Array.from({ length: features }, (_, j) => first + j / 8),
  });
  return [
    [`${name}.weight`, vector(0.5)],
    [`${name}.bias`, vector(-1)],
    [`${name}.running_mean`, vector(0.25)],
    [`${name}.running_var`, vector(2)],
  ];
}

/** What layers and norms give for x = 1, 2, ..., without any activation. */
function outputsOf(layers: readonly LinearLayer[]): number[] {
  return layers.reduce<number[]>(
    (x, { inputs, outputs, weight, bias }) =>
      Array.from(
        { length: outputs },
        (_, o) =>
          x.reduce(
            (sum, value, i) => sum + value * weight.data[o * inputs + i],
            bias?.data[o] ?? 0,
          ),
      ),
    Array.from({ length: layers[0].inputs }, (_, i) => i + 1),
  );
}

function filled(name: string, outputs: number, inputs: number): [string, FloatTensor][] {
  const data = Float32Array.from({ length: outputs * inputs }, (_, i) => Math.sin(i + outputs));
  return [[`${name}.weight`, { shape: [outputs, inputs], data }]];
}

/** x through a norm, as PyTorch computes it when training is over. */
function normalized(x: readonly number[]): number[] {
  return x.map((value, j) =>
    (value - (0.25 + j / 8)) / Math.sqrt(2 + j / 8 + 1e-5) * (0.5 + j / 8) - 1 + j / 8
  );
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-12, `${value}`));
}

Deno.test("batch normalization is folded into the layer before it, or the one after its activation", () => {
  const layersOf = (entries: [string, FloatTensor][], order?: string[]) =>
    linearLayers(new Map(entries), "a", order, {
      others: new Map(
        [["1.num_batches_tracked", "I64"]].filter(() => !order)
          .filter(() => entries.some(([name]) => name === "1.running_mean")) as [string, string][],
      ),
    });
  const [first] = linearLayers(new Map(filled("0", 3, 4)), "a");
  const after = normalized(outputsOf([first]));
  for (
    const [linear, normal] of [["0", "1"], ["fc1", "bn1"], ["net.0.fc", "net.0.norm"], ["a", "bn"]]
  ) {
    const last = filled(linear === "0" ? "3" : linear === "fc1" ? "fc2" : "z", 2, 3);
    const entries = [...filled(linear, 3, 4), ...norm(normal, 3), ...last];
    const found = layersOf(entries);
    assert.equal(found.length, 2, linear);
    assertClose(outputsOf(found.slice(0, 1)), after);
  }
  // Linear, ReLU, BatchNorm1d, Linear: what goes into the last layer went through it.
  const [plain] = linearLayers(new Map(filled("3", 2, 3)), "a");
  const behind = layersOf([...filled("0", 3, 4), ...norm("2", 3), ...filled("3", 2, 3)]);
  assertClose(
    outputsOf(behind.slice(1)),
    outputsOf([{
      ...plain,
      inputs: 3,
      weight: {
        shape: [2, 3],
        data: plain.weight.data,
      },
      bias: {
        shape: [2],
        data: Float64Array.from([0, 1], (o) => {
          const x = normalized([1, 2, 3]);
          const sum = (values: readonly number[]) =>
            values.reduce((s, v, i) => s + v * plain.weight.data[o * 3 + i], 0);
          return sum(x) - sum([1, 2, 3]);
        }),
      },
    }]),
  );
  // Names do not tell; the order does.
  const words = [...filled("one", 3, 3), ...filled("two", 3, 3), ...norm("scale", 3)];
  assert.throws(() => layersOf(words, ["one", "two"]), /names do not tell which layer the batch n/);
  assertClose(
    outputsOf(layersOf(words, ["one", "scale", "two"]).slice(0, 1)),
    normalized(outputsOf(linearLayers(new Map(filled("one", 3, 3)), "a"))),
  );
});

Deno.test("batch normalization that does not fit is refused", () => {
  const refused = (entries: [string, FloatTensor][], message: RegExp) =>
    assert.throws(
      () => linearLayers(new Map(entries), "a"),
      (error: Error) => error instanceof WeftError && message.test(error.message),
    );
  refused(
    [...filled("0", 3, 4), ...norm("1", 4), ...filled("3", 2, 3)],
    /batch normalization "1" has 4 features, but layer "0" has 3 outputs;/,
  );
  const [weight, bias, mean, variance] = norm("1", 3);
  variance[1].data[1] = -1;
  refused(
    [...filled("0", 3, 4), weight, bias, mean, variance, ...filled("3", 2, 3)],
    /the variances of batch normalization "1" have -1$/,
  );
});

Deno.test("names are ordered by the values of their numbers, however many digits they have", () => {
  const sorted = ["", "0", "2", "10", "fc", "fc1", "fc2", "fc2.0", "fc10", "net.0.9", "net.0.10"];
  assert.deepEqual(sorted.toReversed().sort(compareNaturally), sorted);
  const [large, larger] = ["9".repeat(400), `1${"0".repeat(400)}`];
  assert(compareNaturally(large, larger) < 0);
  const anyName = fc.stringMatching(/^[a0-9.]{0,8}$/);
  fc.assert(fc.property(anyName, anyName, anyName, (a, b, c) => {
    assert.equal(Math.sign(compareNaturally(a, b)), -Math.sign(compareNaturally(b, a)) + 0);
    assert.equal(compareNaturally(a, b) === 0, a === b);
    if (compareNaturally(a, b) < 0 && compareNaturally(b, c) < 0) {
      assert(compareNaturally(a, c) < 0);
    }
  }));
});

Deno.test("any chain of numbered layers is found again, in whatever order the file has it", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 14 });
  const stem = fc.constantFrom("", "fc", "net.", "layers.", "model.0.");
  fc.assert(fc.property(sizes, stem, fc.infiniteStream(fc.double({ noNaN: true })), (
    sizes,
    stem,
    keys,
  ) => {
    const names = sizes.slice(1).map((_, l) => `${stem}${l}`);
    const shapes = names.flatMap((name, l): [string, number[]][] => [
      [`${name}.weight`, [sizes[l + 1], sizes[l]]],
      [`${name}.bias`, [sizes[l + 1]]],
    ]);
    const shuffled = shapes.map((entry) => ({ entry, key: keys.next().value }))
      .sort((a, b) => a.key! - b.key!).map(({ entry }) => entry);
    assert.deepEqual(namesOf(Object.fromEntries(shuffled)), names);
  }));
});

Deno.test("any names and shapes are read or refused in one line, and nothing else", () => {
  const name = fc.oneof(
    fc.constantFrom("0.weight", "0.bias", "1.weight", "weight", "bias", "a.weight", ".bias"),
    fc.string({ unit: "binary" }),
    fc.string().map((name) => `${name}.weight`),
  );
  const shape = fc.array(fc.nat({ max: 3 }), { maxLength: 4 });
  fc.assert(fc.property(fc.array(fc.tuple(name, shape), { maxLength: 5 }), (entries) => {
    const shapes = Object.fromEntries(entries.filter(([name]) => name !== "__proto__"));
    try {
      const names = namesOf(shapes);
      assert(names.length > 0);
    } catch (error) {
      assert(error instanceof WeftError, `a WeftError, and not ${error}`);
      assert.doesNotMatch(error.message, /[\n\r]/);
    }
  }));
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import type { FloatTensor } from "../model/safetensors.ts";
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

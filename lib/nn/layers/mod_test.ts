import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../errors.ts";
import { ACTIVATIONS } from "../activations.ts";
import { readLayer, readLayers } from "./mod.ts";

const layer = fc.oneof(
  fc.integer({ min: 1, max: 1e6 }).map((units) => `dense ${units}`),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((rate) => `dropout ${rate}`),
  fc.record({
    outputs: fc.integer({ min: 1, max: 65536 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 1024 }), fc.integer({ min: 1, max: 1024 })),
    stride: fc.constantFrom("", " stride 2", " stride 1024"),
    valid: fc.constantFrom("", " valid"),
    groups: fc.constantFrom("", " groups 2", " groups 64"),
  }).map((it) => `conv ${it.outputs} ${it.kernel.join("x")}${it.stride}${it.valid}${it.groups}`),
  fc.integer({ min: 1, max: 1e6 }).chain((size) =>
    fc.constantFrom(`pool ${size}`, `avg-pool ${size}`)
  ),
  fc.constantFrom(...ACTIVATIONS, "batch-norm", "flatten", "global-average"),
);

Deno.test("what was read is written in one way, which is read as the same", () => {
  fc.assert(fc.property(fc.array(layer, { minLength: 1 }), (layers) => {
    const read = readLayers(layers.join(","));
    assert.deepEqual(readLayers(read.join(", ")), read);
  }));
});

Deno.test("spaces are free, and numbers are written in their shortest way", () => {
  assert.deepEqual(
    readLayers(" dense   064,relu,dropout .20 ,leaky-relu,dense8"),
    ["dense 64", "relu", "dropout 0.2", "leaky-relu", "dense 8"],
  );
  assert.deepEqual(
    readLayers("conv 016 3 x 3 groups 4  valid stride 02, conv8 1x1 stride 1 groups 1,pool2"),
    ["conv 16 3x3 stride 2 valid groups 4", "conv 8 1x1", "pool 2"],
  );
});

Deno.test("what is no layer is refused, with those that there are", () => {
  for (const text of ["attention 16", "", "64", "Dense 4", "constructor", "dense-4 4"]) {
    assert.throws(() => readLayer(text), (error) => {
      assert(error instanceof UsageError);
      assert(error.message.startsWith(`Cannot train with the layer ${JSON.stringify(text)}: `));
      assert.match(
        error.message,
        /dense N, conv N KxK .*, pool P, .*, an activation \(sigmoid, .*gelu\), batch-norm, dropout F, flatten$/,
      );
      return true;
    });
  }
});

Deno.test("a layer with something wrong after its name is refused, with how it is written", () => {
  const refusals = {
    "dense": /write dense N, where N is a whole number of units of at least 1$/,
    "dense 0": /write dense N/,
    "dense 6.5": /write dense N/,
    "dense -3": /write dense N/,
    "dense 1e3": /write dense N/,
    "dense 99999999999999999999": /write dense N/,
    "dropout": /write dropout F, where F is a fraction from 0, below 1$/,
    "dropout 1": /write dropout F/,
    "dropout x": /write dropout F/,
    "relu 3": /write an activation .*, where nothing follows its name$/,
    "batch-norm 2": /write batch-norm$/,
    "flatten all": /write flatten$/,
    "conv 16":
      /write conv N KxK \[stride S\] \[valid\] \[groups G\], where N, K, S and G are whole numbers/,
    "conv 16 3": /write conv N KxK/,
    "conv 0 3x3": /write conv N KxK/,
    "conv 16 0x3": /write conv N KxK/,
    "conv 16 3x3 stride": /write conv N KxK/,
    "conv 16 3x3 stride 0": /write conv N KxK/,
    "conv 16 3x3 valid valid": /write conv N KxK/,
    "conv 16 3x3 same": /write conv N KxK/,
    "conv 16 3x9999": /write conv N KxK/,
    "conv 99999999 3x3": /write conv N KxK/,
    "pool": /write pool P, where P is a whole number of pixels of at least 1$/,
    "pool 0": /write pool P/,
    "avg-pool 2x2": /write avg-pool P/,
    "global-average 2": /write global-average$/,
  };
  for (const [text, expected] of Object.entries(refusals)) {
    assert.throws(() => readLayers(text), expected);
  }
  const long = `dense ${"9".repeat(1000)}`;
  assert.throws(() => readLayer(long), (error) => (error as Error).message.length < 200);
});

Deno.test("layers are a text", () => {
  for (const given of [[], 4, {}, true]) {
    const layers = given as unknown as string;
    assert.throws(() => readLayers(layers), /^UsageError: Cannot train with layers = /);
  }
});

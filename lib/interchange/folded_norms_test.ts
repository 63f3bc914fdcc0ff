import assert from "node:assert/strict";
import { WeftError } from "../errors.ts";
import type { FloatTensor } from "../model/safetensors.ts";
import type { LinearLayer } from "./linear_layer.ts";
import { linearLayers } from "./linear_layers.ts";

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

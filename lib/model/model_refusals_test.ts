import assert from "node:assert/strict";
import { WeftError } from "../errors.ts";
import { mixedModel, smallModel } from "../../tests/samples/models.ts";
import { decodeModel, encodeModel } from "./model_file.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "./safetensors.ts";

/** What may be changed in a model file before it is decoded. */
interface Parts {
  tensors: NamedTensor[];
  metadata: Record<string, string>;
}

/** The line that says why the small model is refused once `change` has been made. */
function refusalAfter(change: (parts: Parts) => void): string {
  const file = decodeSafetensors(encodeModel(smallModel()), "m");
  const parts: Parts = {
    tensors: [...file.tensors].map(([name, tensor]) => ({ name, ...tensor })),
    metadata: Object.fromEntries(file.metadata),
  };
  change(parts);
  return refusalOf(encodeSafetensors(parts.tensors, parts.metadata));
}

function refusalOf(bytes: Uint8Array): string {
  try {
    decodeModel(bytes, "a/m.safetensors");
  } catch (error) {
    assert(error instanceof WeftError, `a WeftError, and not ${error}`);
    assert.match(error.message, /^Cannot (use|read) a\/m\.safetensors\b[^\n]*$/);
    return error.message;
  }
  throw new assert.AssertionError({ message: "the file was not refused" });
}

Deno.test("a file that is cut anywhere is refused", () => {
  const bytes = encodeModel(smallModel());
  for (let length = 0; length < bytes.length; length++) refusalOf(bytes.subarray(0, length));
});

Deno.test("a safetensors file of another program is refused", () => {
  const message = refusalAfter(({ metadata }) => metadata.format = "pt");
  assert.match(message, /it is not a model that Weft wrote/);
});

Deno.test("metadata without one of its entries is refused, and the entry named", () => {
  const { metadata } = decodeSafetensors(encodeModel(smallModel()), "m");
  for (const key of metadata.keys()) {
    if (key === "sha256") continue; // Earlier versions wrote none.
    const message = refusalAfter((parts) => delete parts.metadata[key]);
    assert.match(message, new RegExp(`metadata has no "${key}"`));
  }
});

Deno.test("metadata that make no sense are refused, and the entry named", () => {
  const wrong: [key: string, values: string[], expected: string][] = [
    ["formatVersion", ["2", "3", "", "x".repeat(1000)], '"1", which this Weft reads'],
    ["inputs", ["0", "-6", "6.5", "", "six", "1e99", "NaN"], "a whole number above 0"],
    ["outputs", ["0", "null"], "a whole number above 0"],
    ["height", ["0", "\n"], "a whole number above 0"],
    ["width", ["Infinity"], "a whole number above 0"],
    ["hidden", ["4", "[0]", '["4"]', "[4", "{}", "[4.5]"], "an array of whole numbers above 0"],
    ["activation", ["swish", "Tanh", ""], "one of sigmoid, relu, tanh, leaky-relu, gelu"],
    ["inputScale", ["0", "-1", "NaN", "Infinity", ""], "a number above 0"],
    ["classNames", ["2", "[0, 1]", '"ab"', "["], "an array of texts"],
  ];
  for (const [key, values, expected] of wrong) {
    for (const value of values) {
      const message = refusalAfter(({ metadata }) => metadata[key] = value);
      assert(message.includes(`its "${key}" is ${JSON.stringify(value.slice(0, 60))}, not `), key);
      assert(message.includes(expected), message);
      assert(message.length < 200, message);
    }
  }
});

Deno.test("metadata that contradict each other are refused", () => {
  assert.match(
    refusalAfter(({ metadata }) => metadata.width = "4"),
    /2 x 4 pixels are not its 6 inputs/,
  );
  assert.match(
    refusalAfter(({ metadata }) => metadata.classNames = '["a", "b", "c"]'),
    /3 class names are not its 2 outputs/,
  );
});

Deno.test("tensors of another architecture than the metadata's are refused", () => {
  assert.match(
    refusalAfter(({ metadata }) => metadata.hidden = "[5]"),
    /tensor "layers\.0\.weight" has the shape \[4, 6\], but .* asks for \[5, 6\]/,
  );
  assert.match(
    refusalAfter(({ metadata }) => metadata.hidden = "[4, 2]"),
    /tensor "layers\.2\.weight" is missing, but .* asks for \[2, 2\]/,
  );
  assert.match(
    refusalAfter(({ tensors }) => tensors.splice(1, 1)),
    /tensor "layers\.0\.bias" is missing, but .* asks for \[4\]/,
  );
  assert.match(
    refusalAfter(({ tensors }) => {
      tensors.push({ name: "extra", shape: [1], data: new Float32Array(1) });
    }),
    /it has 5 tensors, and its architecture has 4/,
  );
  // Sizes that no machine has are compared, never allocated.
  assert.match(
    refusalAfter(({ metadata }) => metadata.hidden = "[9007199254740991]"),
    /asks for \[9007199254740991, 6\]/,
  );
});

Deno.test("weights that are not finite are refused, and the first of them named", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const message = refusalAfter(({ tensors }) => tensors[2].data[5] = value);
    assert(message.includes(`tensor "layers.1.weight" is ${value} at [1, 1]`), message);
  }
});

Deno.test("a weight that is another than when the file was written is found out", () => {
  const bytes = encodeModel(smallModel());
  for (const at of [bytes.length - 1, bytes.length - 4, bytes.length - 30]) {
    const damaged = bytes.slice();
    damaged[at] ^= 1;
    assert.match(
      refusalOf(damaged),
      /: it is damaged: the SHA-256 of its tensors is "[0-9a-f]{64}", and it says "[0-9a-f]{64}"; use /,
    );
  }
  for (const said of ["", "0".repeat(64), "x".repeat(10_000), "\n"]) {
    const message = refusalAfter(({ metadata }) => metadata.sha256 = said);
    assert(message.includes(`and it says ${JSON.stringify(said.slice(0, 64))}; use a`), message);
  }
});

/** The refusal of a file of version 2 whose metadata is another. */
function refusalWith(changes: Record<string, string>): string {
  const { metadata, tensors } = decodeSafetensors(encodeModel(mixedModel()), "m");
  const named = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
  const bytes = encodeSafetensors(named, { ...Object.fromEntries(metadata), ...changes });
  try {
    decodeModel(bytes, "m");
  } catch (error) {
    assert(error instanceof WeftError, String(error));
    return error.message;
  }
  throw new Error(`${JSON.stringify(changes)} was let through`);
}

Deno.test("of version 2, what cannot be computed is refused, and higher versions by their number", () => {
  const refusals: [Record<string, string>, RegExp][] = [
    [{ formatVersion: "3" }, /its "formatVersion" is "3", not "2", which this Weft reads/],
    [{ formatVersion: "1" }, /its "formatVersion" is "1", not "2", which this Weft reads/],
    [
      { task: "ranking" },
      /its "task" is "ranking", not one of classification, binary, multi-label/,
    ],
    [{ task: "regression" }, /its metadata has no "targets"/],
    [
      { task: "regression", targets: '{"names":["a"],"mean":[1],"std":[1],"distance":"taxicab"}' },
      /its "targets" are not names with/,
    ],
    [
      { task: "regression", targets: '{"names":["a"],"mean":[1],"std":[0]}' },
      /its "targets" are not names with/,
    ],
    [{ task: "binary", classNames: '["a","b","c"]' }, /a binary task has two class names/],
    [{ task: "multi-label", threshold: "1" }, /its "threshold" is no number between 0 and 1/],
    [
      { layers: '["conv 16 3x3 slow"]' },
      /layers cannot be used \(Cannot train with the layer "conv 16 3x3 slow"/,
    ],
    [
      { layers: '["conv 16 3x3", "pool 9"]' },
      /layers cannot be used \(Cannot train with "pool 9": its window of 9 x 9 pixels is larger/,
    ],
    [
      { layers: '["conv 16 3x3"]' },
      /tensor "layers.0.weight" has the shape \[4, 6\], but .* asks for \[16, 1, 3, 3\]/,
    ],
    [{ layers: '["dense 4","dropout 0.5"]' }, /its layer "dropout 0.5" is for training alone/],
    [{ layers: '["dense 4","batch-norm"]' }, /its layer "batch-norm" is for training alone/],
    [{ layers: '["relu"]' }, /layers cannot be used \(.*"relu" for the first layer/],
    [{ layers: '["dense 4"]' }, /tensor "layers.1.weight" has the shape \[3, 4\]/],
    [{ layers: "[4]" }, /its "layers" is "\[4\]", not an array of texts/],
    [{ layers: '["dense 4"' }, /its "layers" is/],
    [{ input: "{}" }, /its "input" is not height x width bytes/],
    [{ input: "6" }, /its "input" is "6", not an object/],
    [
      { input: '{"height":2,"width":3,"channels":3,"element":"uint8","scale":1}' },
      /tensor "layers.0.weight" has the shape/,
    ],
    ...['{"shape":[2,3],"element":"float32"}', '{"shape":[0],"element":"float32"}'].map((input) =>
      [{ input }, /its "input" is not height x width bytes/] as [Record<string, string>, RegExp]
    ),
    [{ input: '{"shape":[7],"element":"float32"}' }, /tensor "layers.0.weight" has the shape/],
    [
      { input: '{"height":2,"width":3,"channels":1,"element":"uint8","scale":1e-60}' },
      /and a scale \(a number above 0 that float32 holds/,
    ],
    [{ classNames: '["a","b","c"]' }, /tensor "layers.3.weight" has the shape/],
  ];
  for (const [changes, expected] of refusals) assert.match(refusalWith(changes), expected);
});

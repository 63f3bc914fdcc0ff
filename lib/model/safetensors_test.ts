import assert from "node:assert/strict";
import fc from "fast-check";
import { WeftError } from "../errors.ts";
import {
  decodeFloatTensors,
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  requireFinite,
} from "./safetensors.ts";

const tensors: readonly NamedTensor[] = [
  { name: "layers.0.weight", shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, -6.5]) },
  { name: "layers.0.bias", shape: [2], data: new Float32Array([0.25, -0]) },
];
const metadata = { format: "weft", classNames: '["티셔츠/윗도리"]' };

/** A file with any header, honest or not, and `dataBytes` zero bytes of data. */
function fileWith(header: string | object, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

/** The line that says why a file was refused, without its beginning, which all share. */
function refusalOf(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, "m.safetensors");
  } catch (error) {
    assert(error instanceof WeftError, `a WeftError, and not ${error}`);
    assert.match(error.message, /^Cannot read m\.safetensors as safetensors: [^\n]*\.$/);
    return error.message.slice("Cannot read m.safetensors as safetensors: ".length);
  }
  throw new assert.AssertionError({ message: "the file was not refused" });
}

function f32(shape: unknown, begin: unknown, end: unknown): object {
  return { dtype: "F32", shape, data_offsets: [begin, end] };
}

Deno.test("the bytes of a small file are those of the format", () => {
  const bytes = encodeSafetensors([{ name: "w", shape: [1], data: new Float32Array([1]) }]);
  const header = '{"__metadata__":{},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8, " ");
  const expected = [padded.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(padded)];
  assert.deepEqual([...bytes], [...expected, 0x00, 0x00, 0x80, 0x3f]);
});

Deno.test("what is encoded is what is decoded, in its order", () => {
  const file = decodeSafetensors(encodeSafetensors(tensors, metadata), "m.safetensors");
  assert.deepEqual(
    [...file.tensors],
    tensors.map(({ name, shape, data }) => [name, { shape, data }]),
  );
  assert.deepEqual(Object.fromEntries(file.metadata), metadata);
});

Deno.test("any tensors and any metadata survive, bit for bit, at any offset in memory", () => {
  const name = fc.string({ unit: "grapheme" }).filter((name) =>
    name !== "__metadata__" && name !== "__proto__"
  );
  const shape = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
  const tensor = fc.tuple(name, shape).chain(([name, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return fc.float32Array({ minLength: size, maxLength: size, noNaN: true })
      .map((data) => ({ name, shape, data }));
  });
  const anyTensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 5 });
  const anyMetadata = fc.dictionary(fc.string(), fc.string());
  fc.assert(fc.property(anyTensors, anyMetadata, fc.nat({ max: 9 }), (tensors, metadata, shift) => {
    const bytes = encodeSafetensors(tensors, metadata);
    assert.equal(new DataView(bytes.buffer).getUint32(0, true) % 8, 0);
    const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
    shifted.set(bytes);
    const file = decodeSafetensors(shifted, "m.safetensors");
    assert.equal(file.tensors.size, tensors.length);
    for (const { name, shape, data } of tensors) {
      assert.deepEqual(file.tensors.get(name), { shape, data });
    }
    assert.deepEqual([...file.metadata], Object.entries(metadata));
  }));
});

Deno.test("data at odd places, after a header of odd length, are read", () => {
  const file = fileWith('{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4);
  assert.notEqual((file.length - 4) % 4, 0);
  file.set([0x00, 0x00, 0x20, 0xc1], file.length - 4);
  const { tensors } = decodeSafetensors(file, "m.safetensors");
  assert.deepEqual(tensors.get("w"), { shape: [], data: new Float32Array([-10]) });
});

Deno.test("a file cut at any byte is refused", () => {
  const bytes = encodeSafetensors(tensors, metadata);
  for (let length = 0; length < bytes.length; length++) refusalOf(bytes.subarray(0, length));
  assert.match(refusalOf(bytes.subarray(0, 7)), /^it is 7 bytes long, too short for a header/);
  assert.match(refusalOf(bytes.subarray(0, 100)), /header of \d+ bytes, but only 92 follow/);
  assert.match(refusalOf(bytes.subarray(0, bytes.length - 1)), /data, which are 31 bytes long/);
});

Deno.test("any byte changed gives a file that is read or refused, and nothing else", () => {
  const bytes = encodeSafetensors(tensors, metadata);
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (position, value) => {
      const changed = bytes.slice();
      changed[position] = value;
      try {
        decodeSafetensors(changed, "m.safetensors");
      } catch (error) {
        assert(error instanceof WeftError, `a WeftError, and not ${error}`);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a lying header length is refused before anything is read", () => {
  const file = fileWith("{}");
  const view = new DataView(file.buffer);
  view.setBigUint64(0, 3n, true);
  assert.match(refusalOf(file), /announce a header of 3 bytes, but only 2 follow/);
  view.setBigUint64(0, 100_000_001n, true);
  assert.match(refusalOf(file), /header of 100000001 bytes, and at most 100000000 are read/);
  view.setBigUint64(0, 0xffff_ffff_ffff_ffffn, true);
  assert.match(refusalOf(file), /header of 18446744073709551615 bytes/);
});

Deno.test("each thing that can be wrong with a header has its own line", () => {
  const name = "w".repeat(100);
  const refusals: readonly (readonly [Uint8Array, RegExp])[] = [
    [fileWith(""), /^its header is not JSON/],
    [fileWith("{"), /^its header is not JSON/],
    [fileWith("\u0000\u0000"), /^its header is not JSON/],
    [fileWith("[]"), /^its header is not a JSON object/],
    [fileWith("null"), /^its header is not a JSON object/],
    [fileWith({ __metadata__: [] }), /^its __metadata__ is not a JSON object/],
    [fileWith({ __metadata__: { a: 1 } }), /^its metadata "a" is not a string/],
    [fileWith('{"__proto__":{}}'), /^tensor "__proto__" has a name that no tensor may have/],
    [fileWith({ w: 3 }), /^tensor "w" is not described by a JSON object/],
    [fileWith({ w: {} }), /type "F32" \(float32\), and its type is not given/],
    [fileWith({ w: { dtype: "BF16" } }), /^tensor "w" must be .* and its type is "BF16"/],
    [fileWith({ w: f32("2", 0, 8) }, 8), /^the shape of tensor "w" is not a list of whole/],
    [fileWith({ w: f32([-1], 0, 4) }, 4), /^the shape of tensor "w" is not a list of whole/],
    [fileWith({ w: f32([1.5], 0, 6) }, 6), /^the shape of tensor "w" is not a list of whole/],
    [fileWith({ w: f32([1], 0, 4.5) }, 4), /^the data_offsets of tensor "w" are not two whole/],
    [fileWith({ w: f32([1], -4, 0) }, 4), /^the data_offsets of tensor "w" are not two whole/],
    [fileWith({ w: { dtype: "F32", shape: [] } }), /^the data_offsets of tensor "w" are not/],
    [fileWith({ w: f32([1], 4, 0) }, 4), /bytes 4 to 0 of the data, which are 4 bytes long/],
    [fileWith({ w: f32([2], 0, 8) }, 4), /bytes 0 to 8 of the data, which are 4 bytes long/],
    [fileWith({ w: f32([3], 0, 8) }, 8), /of shape \[3\] needs 12 bytes, and has 8/],
    [fileWith({ w: f32([2 ** 52, 2 ** 52], 0, 8) }, 8), /needs \S+ bytes, and has 8/],
    [
      fileWith({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8),
      /^tensor "b" overlaps the one before it, at byte 4/,
    ],
    [fileWith({ w: f32([1], 4, 8) }, 8), /^no tensor owns bytes 0 to 4 of the data/],
    [fileWith({ w: f32([1], 0, 4) }, 8), /^no tensor owns bytes 4 to 8 of the data/],
    [fileWith({}, 1), /^no tensor owns bytes 0 to 1 of the data/],
    [
      fileWith(
        `{"w":${JSON.stringify(f32([1], 0, 4))},"\\u0077":${JSON.stringify(f32([0], 4, 4))}}`,
        4,
      ),
      /^its header names "w" twice/,
    ],
    [fileWith({ [name]: 3 }), /^tensor "w{60}\.\.\." is not/],
    [fileWith({ "a\nb": 3 }), /^tensor "a\\nb" is not/],
  ];
  for (const [file, reason] of refusals) assert.match(refusalOf(file), reason);
});

Deno.test("headers made to exhaust the stack are refused or read like others", () => {
  const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  assert.match(refusalOf(fileWith(`{"w":{"dtype":${deep}}}`)), /its type is not given/);
  const long = `{"__metadata__":{"long":"${"\\n[{".repeat(4_000_000)}"}}`;
  assert.equal(decodeSafetensors(fileWith(long), "m").metadata.get("long")?.length, 12_000_000);
});

Deno.test("a header of millions of lists, each short, is refused before it fills the memory", () => {
  const many = `{"w":[${"[],".repeat(4_000_001)}[]]}`;
  assert.match(refusalOf(fileWith(many)), /^its header has more than 8000000 brackets and commas/);
});

Deno.test("metadata that are null are none", () => {
  const { metadata } = decodeSafetensors(fileWith({ __metadata__: null }), "m.safetensors");
  assert.equal(metadata.size, 0);
});

Deno.test("a file of another kind is said to be one", () => {
  assert.match(refusalOf(new TextEncoder().encode("<!doctype html>")), /^it is an HTML page; down/);
  assert.match(
    refusalOf(new Uint8Array(100)),
    /^it is nothing but zeros; copy or download it again/,
  );
});

Deno.test("names that JavaScript's objects have by birth are names like any other", () => {
  const data = new Float32Array([1]);
  const named = ["constructor", "toString", "hasOwnProperty"].map((name) => ({
    name,
    shape: [1],
    data,
  }));
  const file = decodeSafetensors(encodeSafetensors(named), "m.safetensors");
  assert.deepEqual([...file.tensors.keys()], ["constructor", "toString", "hasOwnProperty"]);
  assert.equal(file.metadata.get("constructor"), undefined);
});

Deno.test("tensors that cannot be written are a defect of the caller", () => {
  const data = new Float32Array(2);
  const encode = (name: string, shape: number[]) => () =>
    encodeSafetensors([{ name: "a", shape: [2], data }, { name, shape, data }]);
  assert.throws(encode("a", [2]), /RangeError: .* "a": the name is taken/);
  assert.throws(encode("__metadata__", [2]), /RangeError: .* the name is taken or reserved/);
  assert.throws(encode("__proto__", [2]), /RangeError: .* the name is taken or reserved/);
  assert.throws(encode("b", [3]), /RangeError: .*shape \[3\] holds 3 numbers, its data 2/);
});

Deno.test("a weight that is not finite is named by its tensor and its index", () => {
  const bias = { shape: [2], data: new Float32Array(2) };
  for (const [value, text] of [[NaN, "NaN"], [Infinity, "Infinity"], [-Infinity, "-Infinity"]]) {
    const data = new Float32Array([1, 2, 3, 4, value as number, 6]);
    const tensors = new Map([["bias", bias], ["weight", { shape: [2, 3], data }]]);
    assert.throws(() => requireFinite(tensors, "m.safetensors"), {
      name: "WeftError",
      message: `Cannot use m.safetensors: tensor "weight" is ${text} at [1, 1], ` +
        "and weights must be finite; train the model again.",
    });
  }
  requireFinite(new Map([["bias", bias]]), "m.safetensors");
});

/** A file of one tensor `w` of two numbers, whose bytes are given. */
function twoNumbers(dtype: string, data: readonly number[]): Uint8Array {
  const header = { w: { dtype, shape: [2], data_offsets: [0, data.length] } };
  const file = fileWith(header, data.length);
  file.set(data, file.length - data.length);
  return file;
}

Deno.test("numbers of other floating-point types are read as they are, where that is asked for", () => {
  const cases: readonly (readonly [string, number[], Float32Array | Float64Array])[] = [
    ["F32", [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1], new Float32Array([1, -10])],
    [
      "F64",
      [0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0xff],
      new Float64Array([0.1, -Infinity]),
    ],
    // The smallest float16 above 0, and the largest.
    ["F16", [0x01, 0x00, 0xff, 0x7b], new Float32Array([2 ** -24, 65504])],
    ["BF16", [0x80, 0x3f, 0xc0, 0x7f], new Float32Array([1, NaN])],
  ];
  for (const [dtype, bytes, data] of cases) {
    const file = twoNumbers(dtype, bytes);
    assert.deepEqual([...decodeFloatTensors(file, "m")], [["w", { shape: [2], data }]], dtype);
    if (dtype !== "F32") assert.match(refusalOf(file.slice()), /type "F32" \(float32\), and its/);
  }
});

Deno.test("numbers of all other types are refused, and so are tensors of a wrong size for theirs", () => {
  const refused = (file: Uint8Array, reason: RegExp) =>
    assert.throws(() => decodeFloatTensors(file, "m"), (error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, reason);
      return true;
    });
  for (const dtype of ["I64", "U8", "BOOL", "F8_E4M3", "f32", "toString"]) {
    refused(
      twoNumbers(dtype, [0, 0]),
      /^Cannot read m as .* type "F32" \(float32\) or "F64" \(float64\) or "F16" .*its type is "/,
    );
  }
  refused(twoNumbers("F16", [0, 0, 0, 0, 0, 0]), /of shape \[2\] needs 4 bytes, and has 6/);
  refused(twoNumbers("F64", [0, 0, 0, 0, 0, 0, 0, 0]), /of shape \[2\] needs 16 bytes, and has 8/);
});

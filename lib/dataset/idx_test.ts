import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeIdx, encodeIdxImages, encodeIdxLabels } from "../../tests/support/idx_files.ts";
import { WeftError } from "../errors.ts";
import { parseIdxImages, parseIdxLabels } from "./idx.ts";

const sizes = fc.integer({ min: 1, max: 9 });

Deno.test("images come back as they were written, as a view of the file's bytes", () => {
  fc.assert(fc.property(sizes, sizes, sizes, (rows, height, width) => {
    const bytes = encodeIdxImages(rows, height, width);
    const { pixels, ...shape } = parseIdxImages({ path: "a", bytes });
    assert.deepEqual(shape, { rows, height, width });
    assert.deepEqual(pixels, bytes.subarray(16));
    assert.equal(pixels.buffer, bytes.buffer);
  }));
});

Deno.test("labels come back as they were written, as a view of the file's bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), (labels) => {
    const bytes = encodeIdxLabels(labels);
    const parsed = parseIdxLabels({ path: "a", bytes });
    assert.deepEqual([...parsed], [...labels]);
    assert.equal(parsed.buffer, bytes.buffer);
  }));
});

/** IDX of whole numbers of `bytes` bytes each. */
function encodeWords(type: number, sizes: number[], values: number[], bytes: number) {
  const file = encodeIdx(type << 8 | sizes.length, sizes, new Uint8Array(values.length * bytes));
  const view = new DataView(file.buffer, 4 * (1 + sizes.length));
  values.forEach((value, i) => {
    if (bytes === 1) view.setInt8(i, value);
    else if (bytes === 2) view.setInt16(2 * i, value);
    else view.setInt32(4 * i, value);
  });
  return file;
}

Deno.test("labels of any whole-number type, as a column, and QMNIST's are read", () => {
  const labels = (bytes: Uint8Array<ArrayBuffer>) => [...parseIdxLabels({ path: "f", bytes })];
  assert.deepEqual(labels(encodeWords(0x09, [3], [1, 0, 127], 1)), [1, 0, 127]);
  assert.deepEqual(labels(encodeWords(0x0b, [3], [1, 0, 255], 2)), [1, 0, 255]);
  assert.deepEqual(labels(encodeWords(0x0c, [3], [1, 0, 255], 4)), [1, 0, 255]);
  assert.deepEqual(labels(encodeWords(0x0c, [3, 1], [4, 5, 6], 4)), [4, 5, 6]);
  assert.deepEqual(labels(encodeIdx(0x802, [3, 1], [4, 5, 6])), [4, 5, 6]);
  const qmnist = [5, 4, 2578, 8, 128, 0, 7, 999, 9, 0, 300, 1, 2, 3, 4, 5];
  assert.deepEqual(labels(encodeWords(0x0c, [2, 8], qmnist, 4)), [5, 9]);
});

Deno.test("images with a fourth dimension of 1, and of other whole numbers, are read", () => {
  const values = Array.from({ length: 12 }, (_, i) => i);
  const images = (bytes: Uint8Array<ArrayBuffer>) => parseIdxImages({ path: "f", bytes });
  const expected = { rows: 2, height: 2, width: 3, pixels: Uint8Array.from(values) };
  for (const sizes of [[2, 2, 3, 1], [2, 1, 2, 3]]) {
    assert.deepEqual(images(encodeIdx(0x804, sizes, values)), expected);
  }
  assert.deepEqual(images(encodeWords(0x0b, [2, 2, 3], values, 2)), expected);
  assert.deepEqual(images(encodeWords(0x0c, [2, 2, 3, 1], values, 4)), expected);
});

Deno.test("what IDX of other types and shapes holds is said in words", () => {
  const cases: [typeof parseIdxImages | typeof parseIdxLabels, Uint8Array<ArrayBuffer>, RegExp][] =
    [
      [parseIdxImages, encodeIdx(0xd03, [1, 1, 1], [0, 0, 0, 0]), /: its values are float32, and/],
      [parseIdxLabels, encodeIdx(0xe01, [1], new Uint8Array(8)), /: its values are float64, and/],
      [
        parseIdxImages,
        encodeIdx(0x802, [2, 4], new Uint8Array(8)),
        /it holds uint8 values in 2 dimensions \(2 x 4\), and images have 3: rows x height x width;/,
      ],
      [parseIdxImages, encodeIdx(0x804, [1, 2, 2, 3], new Uint8Array(12)), /\(1 x 2 x 2 x 3\)/],
      [
        parseIdxLabels,
        encodeIdx(0x802, [2, 2], [1, 2, 3, 4]),
        /2 dimensions \(2 x 2\), and labels/,
      ],
      [
        parseIdxLabels,
        encodeWords(0x0c, [2], [3, 256], 4),
        /^Cannot use f: row 1 has 256 \(int32\)/,
      ],
      [parseIdxLabels, encodeWords(0x09, [2], [-1, 0], 1), /row 0 has -1 \(int8\), and labels are/],
      [
        parseIdxImages,
        encodeWords(0x0b, [2, 1, 2], [0, 0, 0, 300], 2),
        /row 1 has 300 \(int16\), and images are whole numbers from 0 to 255;/,
      ],
    ];
  for (const [parse, bytes, message] of cases) {
    assert.throws(() => parse({ path: "f", bytes }), (error: Error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("a file that lies inside a larger buffer is read from where it begins", () => {
  const bytes = encodeIdxLabels([4, 5, 6]);
  const larger = new Uint8Array(bytes.length + 5);
  larger.set(bytes, 5);
  assert.deepEqual([...parseIdxLabels({ path: "a", bytes: larger.subarray(5) })], [4, 5, 6]);
});

Deno.test("each defect of a file has its own line, which names the file", () => {
  const images = encodeIdxImages(2, 3, 4);
  const labels = encodeIdxLabels([1, 2, 3]);
  const extended = (bytes: Uint8Array) => Uint8Array.from([...bytes, 0, 0, 0]);
  const defects: [
    parse: typeof parseIdxImages | typeof parseIdxLabels,
    bytes: Uint8Array,
    RegExp,
  ][] = [
    [
      parseIdxImages,
      new Uint8Array(0),
      /^Cannot read f as IDX images: it has 0 bytes, .* alone takes 16;/,
    ],
    [parseIdxImages, images.subarray(0, 3), /it has 3 bytes/],
    [parseIdxImages, images.subarray(0, 15), /it has 15 bytes/],
    [parseIdxLabels, labels.subarray(0, 7), /as IDX labels: it has 7 bytes, .* alone takes 8;/],
    [
      parseIdxImages,
      labels,
      /^Cannot read f as IDX images: its magic number is 0x00000801 \(labels\), that of images is 0x00000803;/,
    ],
    [
      parseIdxLabels,
      images,
      /magic number is 0x00000803 \(images\), that of labels is 0x00000801;/,
    ],
    [parseIdxImages, Uint8Array.from([80, 75, 3, 4]), /magic number is 0x504b0304, that/],
    [parseIdxImages, encodeIdxImages(0, 3, 4), /^Cannot use f: its header announces 0 images;/],
    [parseIdxLabels, encodeIdxLabels([]), /^Cannot use f: its header announces 0 labels;/],
    [parseIdxImages, encodeIdxImages(2, 0, 4), /announces images of 0 x 4 pixels;/],
    [parseIdxImages, encodeIdxImages(2, 3, 0), /announces images of 3 x 0 pixels;/],
    [
      parseIdxImages,
      images.subarray(0, -1),
      /2 images of 3 x 4 pixels, 40 bytes in all, but the file has 39: 1 of its bytes are missing;/,
    ],
    [parseIdxImages, extended(images), /40 bytes in all, but the file has 43: 3 bytes follow/],
    [parseIdxLabels, labels.subarray(0, 8), /3 labels, 11 bytes in all, but the file has 8: 3 of/],
    [parseIdxLabels, extended(labels), /the file has 14: 3 bytes follow/],
  ];
  for (const [parse, bytes, message] of defects) {
    assert.throws(() => parse({ path: "f", bytes: new Uint8Array(bytes) }), (error: Error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, message);
      assert(!error.message.includes("\n"));
      return true;
    });
  }
});

Deno.test("sizes whose product is beyond any memory are a length that does not match", () => {
  const bytes = encodeIdxImages(1, 1, 1);
  bytes.fill(0xff, 4, 16);
  assert.throws(() => parseIdxImages({ path: "f", bytes }), /but the file has 17: /);
});

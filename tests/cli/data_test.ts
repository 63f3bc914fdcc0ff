/** `data`, and how every command treats data folders that are good or bad. */

import assert from "node:assert/strict";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { encodeIdxImages, encodeIdxLabels, gzip, writeFiles } from "../support/idx_files.ts";
import { stripedIdxFiles } from "../support/striped_images.ts";

type Changes = Record<string, Uint8Array<ArrayBuffer> | null>;

const IMAGES = "train-images-idx3-ubyte";
const LABELS = "train-labels-idx1-ubyte";
const TEST_IMAGES = "t10k-images-idx3-ubyte";
const TEST_LABELS = "t10k-labels-idx1-ubyte";
const files = stripedIdxFiles();
/** IDX labels 0, 1, 2 in turn. */
const labelsOf = (rows: number) => encodeIdxLabels(Array.from({ length: rows }, (_, i) => i % 3));

Deno.test("data folders that cannot be trained on each have their line, and leave no run", async () => {
  const cases: [name: string, changes: Changes, expected: RegExp][] = [
    [
      "empty",
      Object.fromEntries(Object.keys(files).map((name) => [name, null])),
      /^Cannot find a d/,
    ],
    ["truncated", { [IMAGES]: files[IMAGES].slice(0, -3) }, /3 of its bytes are missing/],
    ["cut-header", { [LABELS]: files[LABELS].slice(0, 5) }, /it has 5 bytes, and the header alone/],
    ["no-bytes", { [IMAGES]: new Uint8Array(0) }, /it has 0 bytes, and the header alone takes 16/],
    ["magic", { [IMAGES]: files[LABELS] }, /magic number is 0x00000801 \(labels\)/],
    ["mismatched", { [LABELS]: labelsOf(89) }, /90 images, but 89 labels/],
    [
      "no-rows",
      { [IMAGES]: encodeIdxImages(0, 7, 5), [LABELS]: labelsOf(0) },
      /announces 0 images/,
    ],
    ["two-sizes", { [TEST_IMAGES]: encodeIdxImages(30, 5, 7) }, /give images of one size/],
    ["labels-only", { [IMAGES]: null }, /it has train-labels-idx1-ubyte but not train-images-/],
    ["broken-gzip", {
      [IMAGES]: null,
      [`${IMAGES}.gz`]: (await gzip(files[IMAGES])).slice(0, 200),
    }, /^Cannot decompress .*images-idx3-ubyte\.gz: .* breaks off after 200 bytes/],
    ["one-class", { [LABELS]: encodeIdxLabels(new Uint8Array(90)) }, /every label is 0/],
    ["last-class-missing", {
      [LABELS]: encodeIdxLabels(Array.from({ length: 90 }, (_, i) => i % 2)),
    }, /it has label 2, but the largest to train on is 1/],
    ["single-row", {
      [LABELS]: encodeIdxLabels(Array.from({ length: 90 }, (_, i) => i === 7 ? 2 : i % 2)),
    }, /class 2 has only 1 row/],
    ["too-few", {
      [IMAGES]: encodeIdxImages(6, 7, 5),
      [LABELS]: labelsOf(6),
    }, /of 3 classes each needs a row in the validation part/],
  ];
  await using workplace = await Workplace.create();
  await forEachCase(cases, async ([name, changes, expected]) => {
    const entries = Object.entries({ ...files, ...changes }).filter((entry) => entry[1] !== null);
    await writeFiles(workplace.path(`data/${name}`), Object.fromEntries(entries) as typeof files);
    const line = refusalOf(await workplace.weft("train", "--data-dir", `data/${name}`), 1);
    assert.match(line, expected);
    assert.match(line, /; \S|, or leave it out$/, "the line says what to do");
  });
  assert.deepEqual(workplace.contents(), []);
});

Deno.test("a data folder that is missing, or a file, or has no name is refused", async () => {
  await using workplace = await Workplace.create();
  await forEachCase(
    [
      ["none", 1, /^Cannot read the data folder none: there is no such folder; name one that/],
      [`data/${IMAGES}`, 1, /it is a file; name the folder/],
      ["", 2, /the name of the data folder is empty/],
    ] as const,
    async ([dataDir, code, expected]) => {
      assert.match(refusalOf(await workplace.weft("data", "--data-dir", dataDir), code), expected);
    },
  );
});

Deno.test("data says what a folder holds, as text and as JSON", async () => {
  await using workplace = await Workplace.create();
  const [text, json] = await Promise.all([
    workplace.weft("data", "--data-dir", "data"),
    workplace.weft("data", "--data-dir", "data", "--json"),
  ]);
  const { stdout, stderr } = requireSuccess(text);
  assert.match(stdout, /^data, found in data\n90 training and 30 test images of 7 x 5 pixels\n/);
  assert.match(stdout, /^2 +30 +10$/m);
  assert.match(stderr, /^note: Data in data: not Fashion-MNIST's checksums: .*\n$/);

  const { sha256, ...found } = JSON.parse(requireSuccess(json).stdout);
  const classes = ["0", "1", "2"].map((name) => ({ name, train: 30, test: 10 }));
  assert.deepEqual(found, {
    name: "data",
    origin: "data",
    height: 7,
    width: 5,
    train: 90,
    test: 30,
    classes,
  });
  assert.deepEqual(Object.keys(sha256), Object.keys(files));
});

Deno.test("WEFT_DATA_DIR names the folder, unless --data-dir does", async () => {
  await using workplace = await Workplace.create();
  const small = { [IMAGES]: files[TEST_IMAGES], [LABELS]: files[TEST_LABELS] };
  await writeFiles(workplace.path("data/small"), small);
  const env = { WEFT_DATA_DIR: "data/small" };
  const [fromVariable, fromOption] = await Promise.all([
    workplace.weftWith({ env }, "data", "--json"),
    workplace.weftWith({ env }, "data", "--json", "--data-dir", "data"),
  ]);
  const { train, test } = JSON.parse(requireSuccess(fromVariable).stdout);
  assert.deepEqual({ train, test }, { train: 30, test: 0 });
  assert.equal(JSON.parse(requireSuccess(fromOption).stdout).train, 90);
});

/** Contract of `--data-dir`: which folders load, and what is said of those that do not. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDataset } from "../../data/load.ts";
import { UsageError, WeftError } from "../../lib/errors.ts";
import {
  encodeIdxImages,
  encodeIdxLabels,
  gzip,
  smallIdxFiles,
  writeFiles,
} from "../support/idx_files.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

type FilesByName = Record<string, Uint8Array<ArrayBuffer>>;

/** Loads the files from a folder called `mine`; every note goes into `notes`. */
async function loadFrom(files: FilesByName, notes: string[] = []) {
  await using temporary = await temporaryFolder();
  const dataDir = join(temporary.path, "mine");
  await writeFiles(dataDir, files);
  return await loadDataset({ dataDir, onNote: (line) => notes.push(line) });
}

/** The small data set, with some files replaced, or left out where they are null. */
function smallSetWith(changes: Record<string, Uint8Array<ArrayBuffer> | null>): FilesByName {
  const entries = Object.entries({ ...smallIdxFiles(), ...changes });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, Uint8Array<ArrayBuffer>] => entry[1] !== null),
  );
}

Deno.test("any IDX files load, and a note says that they are not Fashion-MNIST", async () => {
  const notes: string[] = [];
  const { dataset } = await loadFrom(smallIdxFiles(), notes);
  assert.equal(dataset.name, "mine");
  assert.deepEqual([dataset.train.rows, dataset.train.height, dataset.train.width], [20, 3, 2]);
  assert.equal(dataset.test?.rows, 10);
  assert.deepEqual(dataset.classNames, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  assert.deepEqual(Object.keys(dataset.sha256), Object.keys(smallIdxFiles()));
  assert.equal(notes.length, 1);
  assert.match(
    notes[0],
    /^Data in .*mine: not Fashion-MNIST's checksums: train-images-idx3-ubyte, .*; classes are called 0 to 9$/,
  );
});

Deno.test("gzip files, and names with a dot, hold the same data as plain files", async () => {
  const files = smallIdxFiles();
  const { dataset: plain } = await loadFrom(files);
  const others: FilesByName = {};
  for (const [i, [name, bytes]] of Object.entries(files).entries()) {
    const spelling = i % 2 === 0 ? name : name.replace("-idx", ".idx");
    others[i < 2 ? `${spelling}.gz` : spelling] = i < 2 ? await gzip(bytes) : bytes;
  }
  const { dataset } = await loadFrom(others);
  assert.deepEqual(dataset, plain);
});

Deno.test("a file that was decompressed on its way and kept its .gz loads", async () => {
  const { "train-images-idx3-ubyte": images, ...others } = smallIdxFiles();
  const { dataset } = await loadFrom({ ...others, "train-images-idx3-ubyte.gz": images });
  assert.equal(dataset.train.rows, 20);
});

Deno.test("a data set without test files has no test set", async () => {
  const files = smallSetWith({ "t10k-images-idx3-ubyte": null, "t10k-labels-idx1-ubyte": null });
  assert.equal((await loadFrom(files)).dataset.test, null);
});

Deno.test("a folder that is called fashion-mnist does not make its data Fashion-MNIST", async () => {
  await using temporary = await temporaryFolder();
  const dataDir = join(temporary.path, "fashion-mnist");
  await writeFiles(dataDir, smallIdxFiles());
  const { dataset } = await loadDataset({ dataDir, onNote: () => {} });
  assert.equal(dataset.name, "fashion-mnist, changed");
});

Deno.test("each folder that cannot be used has its own line, which names what is at fault", async (t) => {
  const brokenGzip = (await gzip(smallIdxFiles()["train-images-idx3-ubyte"])).slice(0, -10);
  const smallImages = smallIdxFiles()["train-images-idx3-ubyte"];
  const cases: [name: string, files: FilesByName, message: RegExp][] = [
    [
      "empty",
      {},
      /^Cannot find a data set in .*mine: it holds neither train-images-idx3-ubyte nor train-labels/,
    ],
    [
      "without training labels",
      smallSetWith({ "train-labels-idx1-ubyte": null }),
      /it has train-images-idx3-ubyte but not train-labels-idx1-ubyte/,
    ],
    [
      "with test labels alone",
      smallSetWith({ "t10k-images-idx3-ubyte": null }),
      /it has t10k-labels-idx1-ubyte but not t10k-images-idx3-ubyte/,
    ],
    [
      "truncated",
      smallSetWith({ "train-images-idx3-ubyte": smallImages.slice(0, -7) }),
      /mine\/train-images-idx3-ubyte: .* 7 of its bytes are missing/,
    ],
    [
      "with a wrong magic number",
      smallSetWith({ "train-labels-idx1-ubyte": encodeIdxImages(20, 1, 1) }),
      /mine\/train-labels-idx1-ubyte as IDX labels: its magic number is 0x00000803 \(images\)/,
    ],
    [
      "with fewer labels than images",
      smallSetWith({ "train-labels-idx1-ubyte": encodeIdxLabels([0, 1]) }),
      /20 images, but 2 labels/,
    ],
    [
      "without rows",
      smallSetWith({
        "train-images-idx3-ubyte": encodeIdxImages(0, 3, 2),
        "train-labels-idx1-ubyte": encodeIdxLabels([]),
      }),
      /its header announces 0 images/,
    ],
    [
      "with images of two sizes",
      smallSetWith({ "t10k-images-idx3-ubyte": encodeIdxImages(10, 2, 3) }),
      /images of 2 x 3 pixels, but 3 x 2 to train on/,
    ],
    [
      "with a test label of no class",
      smallSetWith({ "t10k-labels-idx1-ubyte": encodeIdxLabels([0, 1, 2, 3, 4, 5, 6, 7, 8, 10]) }),
      /it has label 10, but the largest to train on is 9/,
    ],
    [
      "of a single class",
      smallSetWith({ "train-labels-idx1-ubyte": encodeIdxLabels(new Uint8Array(20)) }),
      /every label is 0/,
    ],
    [
      "with gzip that breaks off",
      smallSetWith({ "train-images-idx3-ubyte": null, "train-images-idx3-ubyte.gz": brokenGzip }),
      /^Cannot decompress .*mine\/train-images-idx3-ubyte\.gz: its gzip stream is damaged or breaks off/,
    ],
  ];
  for (const [name, files, message] of cases) {
    await t.step(name, () => assertRefused(() => loadFrom(files), message));
  }
});

Deno.test("a data folder that does not exist, or is no folder, is refused", async () => {
  await using temporary = await temporaryFolder();
  const missing = join(temporary.path, "missing");
  await assertRefused(
    () => loadDataset({ dataDir: missing }),
    /^Cannot read the data folder .*missing: there is no such folder;/,
  );
  await Deno.writeTextFile(missing, "");
  await assertRefused(() => loadDataset({ dataDir: missing }), /missing: it is a file;/);
});

Deno.test("a folder in place of a file is refused by name", async () => {
  await using temporary = await temporaryFolder();
  await Deno.mkdir(join(temporary.path, "train-images-idx3-ubyte"));
  await assertRefused(
    () => loadDataset({ dataDir: temporary.path }),
    /^Cannot read .*train-images-idx3-ubyte: .*directory/i,
  );
});

Deno.test("a folder in place of a file gives way to another spelling, or to the file in it", async () => {
  await using temporary = await temporaryFolder();
  const files = Object.entries(smallIdxFiles());
  const [besides, inside] = ["besides", "inside"].map((name) => join(temporary.path, name));
  for (const [i, [name, bytes]] of files.entries()) {
    await writeFiles(join(besides, name), { notes: new Uint8Array(1) });
    await writeFiles(besides, { [name.replace("-idx", ".idx")]: bytes });
    await writeFiles(join(inside, i < 2 ? name : `${name}.gz`), { [name]: bytes });
  }
  for (const dataDir of [besides, inside]) {
    const { dataset } = await loadDataset({ dataDir, onNote: () => {} });
    assert.deepEqual([dataset.train.rows, dataset.test?.rows], [20, 10], dataDir);
  }
});

Deno.test("gzip is unpacked no further than the header in it announces", async () => {
  const { "train-images-idx3-ubyte": images, ...others } = smallIdxFiles();
  const longer = Uint8Array.from([...images, ...new Uint8Array(5_000_000)]);
  const cases: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [longer, /^Cannot decompress .*: it is larger than the 136 bytes expected/],
    [new Uint8Array(5_000_000), /it is larger than the 1048576 bytes expected/],
  ];
  for (const [bytes, message] of cases) {
    const bomb = await gzip(bytes);
    await assertRefused(() => loadFrom({ ...others, "train-images-idx3-ubyte.gz": bomb }), message);
  }
});

Deno.test("an empty name of a data folder is an unusable argument", async () => {
  await assert.rejects(loadDataset({ dataDir: "" }), UsageError);
});

async function assertRefused(action: () => Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(action, (error: Error) => {
    assert(error instanceof WeftError, `${error}`);
    assert.match(error.message, message);
    assert(!error.message.includes("\n"));
    return true;
  });
}

/** The real data set, where this machine has it: what it holds, and scikit-learn's split of it. */

import assert from "node:assert/strict";
import vectors from "../golden/numpy_random_vectors.json" with { type: "json" };
import { FASHION_MNIST, SYSTEM_FOLDER } from "../../data/fashion_mnist.ts";
import { folderSource } from "../../data/folder.ts";
import { CACHE_DIR, loadDataset } from "../../data/load.ts";
import { FILE_NAMES } from "../../data/files.ts";
import { FASHION_MNIST_CLASS_NAMES } from "../../lib/dataset/class_names.ts";
import { stratifiedSplit } from "../../lib/dataset/split.ts";

/** The first of the usual folders that has files. */
async function findFolder(): Promise<string | null> {
  for (const folder of [CACHE_DIR, SYSTEM_FOLDER]) {
    const context = { expected: FASHION_MNIST, cacheDir: CACHE_DIR, onProgress: () => {} };
    const files = await folderSource(folder).fetchFiles(context).catch(() => null);
    if (files?.size === FILE_NAMES.length) return folder;
  }
  return null;
}

const dataDir = await findFolder();
const ignore = dataDir === null;
const why = ignore ? " (ignored: it is not on this machine; `deno task data` fetches it)" : "";

Deno.test({
  name: `Fashion-MNIST loads under its own name, and is split as scikit-learn does${why}`,
  ignore,
  async fn() {
    const { dataset } = await loadDataset({ dataDir: dataDir!, onNote: assert.fail });
    const { train, test } = dataset;
    assert.equal(dataset.name, "fashion-mnist");
    assert.deepEqual(dataset.classNames, FASHION_MNIST_CLASS_NAMES.en);
    assert.deepEqual([train.rows, train.height, train.width, test?.rows], [60_000, 28, 28, 10_000]);

    const split = stratifiedSplit(train.labels, 42);
    const expected = vectors.stratified_split_42;
    assert.deepEqual([...split.train.subarray(0, 10)], expected.train_first_10);
    assert.deepEqual([...split.train.subarray(-3)], expected.train_last_3);
    assert.deepEqual([...split.validation.subarray(0, 10)], expected.validation_first_10);
    assert.deepEqual([...split.validation.subarray(-3)], expected.validation_last_3);
    assert.deepEqual(
      [split.train.length, split.validation.length],
      [expected.train_count, expected.validation_count],
    );
  },
});

/** Oracle: scikit-learn 1.2.1; `tests/golden/make_stratified_splits.py` wrote the cases. */

import assert from "node:assert/strict";
import fc from "fast-check";
import golden from "../../tests/golden/stratified_splits.json" with { type: "json" };
import { UsageError, WeftError } from "../errors.ts";
import { randomSplit, stratifiedSplit } from "./split.ts";

const seeds = fc.integer({ min: 0, max: 0xffffffff });

Deno.test("every golden split is scikit-learn's, row for row", async (t) => {
  for (const { name, seed, fraction, labels, train, validation } of golden.cases) {
    await t.step(`${name}, seed ${seed}, fraction ${fraction}`, () => {
      const split = stratifiedSplit(Uint8Array.from(labels), seed, fraction);
      assert.deepEqual([...split.train], train);
      assert.deepEqual([...split.validation], validation);
    });
  }
});

Deno.test("every row is in one part, and each class has its share of the training part to within a row", () => {
  const counts = fc.array(fc.integer({ min: 5, max: 60 }), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(counts, seeds, (classCounts, seed) => {
    const labels = Uint8Array.from(classCounts.flatMap((count, i) => Array(count).fill(i)));
    const { train, validation } = stratifiedSplit(labels, seed);
    const rows = [...train, ...validation].sort((a, b) => a - b);
    assert.deepEqual(rows, Array.from(labels.keys()));
    assert.equal(validation.length, Math.ceil(0.2 * labels.length));
    classCounts.forEach((count, i) => {
      const share = count * train.length / labels.length;
      const quota = train.filter((row) => labels[row] === i).length;
      assert(Math.abs(quota - share) <= 1, `class ${i}: ${quota} rows for a share of ${share}`);
    });
  }));
});

Deno.test("what cannot be split is refused, with the reason", () => {
  const refusals: [labels: number[], fraction: number, error: typeof WeftError, message: RegExp][] =
    [
      [[0, 0, 1, 1], 0, UsageError, /a fraction of 0 of the rows/],
      [[0, 0, 1, 1], 1, UsageError, /a fraction of 1 of the rows/],
      [[0, 0, 1, 1], NaN, UsageError, /a fraction of NaN of the rows/],
      [[], 0.2, WeftError, /Cannot split the rows \(0\) .*: none would be left to train on/],
      [[3], 0.2, WeftError, /Cannot split the rows \(1\) .*: none would be left to train on/],
      [[0, 0, 0, 0, 0, 7], 0.2, WeftError, /class 7 has only 1 row/],
      [
        [0, 0, 1, 1, 2, 2],
        0.2,
        WeftError,
        /of 3 classes each needs a row in the validation part, whose size would be 2/,
      ],
      [
        [0, 0, 1, 1, 2, 2],
        0.8,
        WeftError,
        /of 3 classes each needs a row in the training part, whose size would be 1/,
      ],
    ];
  for (const [labels, fraction, type, message] of refusals) {
    assert.throws(() => stratifiedSplit(Uint8Array.from(labels), 42, fraction), (error: Error) => {
      assert(error instanceof type);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("a split of rows without classes is scikit-learn's train_test_split", () => {
  // From Python: train_test_split(list(range(rows)), test_size=fraction, random_state=seed).
  const cases = [
    { rows: 11, fraction: 0.2, seed: 42, train: [10, 2, 1, 8, 4, 7, 3, 6], validation: [5, 0, 9] },
    { rows: 7, fraction: 0.5, seed: 3, train: [1, 0, 2], validation: [4, 6, 5, 3] },
  ];
  for (const { rows, fraction, seed, train, validation } of cases) {
    const split = randomSplit(rows, seed, fraction);
    assert.deepEqual([...split.train], train);
    assert.deepEqual([...split.validation], validation);
  }
  assert.throws(() => randomSplit(1, 0, 0.2), /none would be left to train on; use more rows$/);
});

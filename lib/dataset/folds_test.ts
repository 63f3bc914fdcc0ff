import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import { stratifiedFolds } from "./folds.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

Deno.test("every row validates once, and classes and parts are of one size, to a row", () => {
  const sizes = fc.array(fc.integer({ min: 7, max: 40 }), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(sizes, fc.integer({ min: 2, max: 7 }), seeds, (sizes, folds, seed) => {
    const labels = Uint8Array.from(sizes.flatMap((size, label) => Array(size).fill(label)));
    const splits = stratifiedFolds(labels, folds, seed);
    assert.equal(splits.length, folds);
    const times = new Uint8Array(labels.length);
    const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts);
    for (const { train, validation } of splits) {
      for (const row of validation) times[row]++;
      const all = [...train, ...validation].sort((a, b) => a - b);
      assert.deepEqual(all, [...labels.keys()]);
    }
    assert(times.every((count) => count === 1));
    assert(spread(splits.map(({ validation }) => validation.length)) <= 1);
    sizes.forEach((_, label) => {
      const counts = splits.map(({ validation }) =>
        validation.filter((row) => labels[row] === label).length
      );
      assert(spread(counts) <= 1);
    });
  }));
});

Deno.test("the seed decides", () => {
  const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 3);
  assert.deepEqual(stratifiedFolds(labels, 4, 1), stratifiedFolds(labels, 4, 1));
  assert.notDeepEqual(stratifiedFolds(labels, 4, 1), stratifiedFolds(labels, 4, 2));
});

Deno.test("numbers of folds that cannot be are refused in a line", () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 1);
  for (const folds of [1, 0, 2.5, NaN, 1001]) {
    assert.throws(
      () => stratifiedFolds(labels, folds, 1),
      (error) =>
        error instanceof UsageError && error.message.includes(`with ${folds} folds: it must`),
    );
  }
  assert.throws(
    () => stratifiedFolds(labels, 3, 1),
    (error) => error instanceof WeftError && /class 1 has only 2 rows/.test(error.message),
  );
});

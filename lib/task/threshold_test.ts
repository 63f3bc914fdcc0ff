import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../errors.ts";
import { countAnswers, f1, recall } from "./metrics/yes_no_metrics.ts";
import { chooseThreshold, readThreshold, requireThreshold } from "./threshold.ts";

const rows = fc.array(
  fc.record({ logit: fc.integer({ min: -8, max: 8 }).map((it) => it / 2), yes: fc.boolean() }),
  { minLength: 1, maxLength: 40 },
);
type Rows = readonly { readonly logit: number; readonly yes: boolean }[];

function counted(rows: Rows, threshold: number) {
  const said = (i: number) => 1 / (1 + Math.exp(-rows[i].logit)) >= threshold;
  return countAnswers(rows.length, said, (i) => rows[i].yes);
}

const chosen = (wanted: "f1" | `recall=${number}`, rows: Rows) =>
  chooseThreshold(wanted, rows.map(({ logit }) => logit), rows.map(({ yes }) => +yes));

/** Thresholds that answer differently. */
const others = Array.from({ length: 34 }, (_, i) => 1 / (1 + Math.exp(-(i / 2 - 8.25))));

Deno.test("no other threshold has a larger F1", () => {
  fc.assert(fc.property(rows, (rows) => {
    const threshold = chosen("f1", rows);
    assert(threshold > 0 && threshold < 1);
    const best = f1(counted(rows, threshold));
    for (const other of others) assert(f1(counted(rows, other)) <= best + 1e-12);
  }));
});

Deno.test("the threshold is as high as the recall allows", () => {
  const recalls = fc.constantFrom(0.1, 0.5, 0.9, 1);
  fc.assert(fc.property(rows, recalls, (rows, wanted) => {
    fc.pre(rows.some(({ yes }) => yes));
    const threshold = chosen(`recall=${wanted}`, rows);
    const counts = counted(rows, threshold);
    assert(recall(counts) >= wanted);
    // With a higher one, fewer rows are answered with yes, and too few of those that are one.
    for (const other of others.filter((other) => other > threshold)) {
      const fewer = counted(rows, other);
      if (fewer.tp + fewer.fp < counts.tp + counts.fp) assert(recall(fewer) < wanted);
    }
  }));
});

Deno.test("without a yes there is nothing to choose by", () => {
  assert.equal(chosen("f1", [{ logit: 3, yes: false }]), 0.5);
  assert.equal(chooseThreshold(0.3, [1], [1]), 0.3);
});

Deno.test("thresholds are read as they are written, and others refused in a line", () => {
  const read: [string, unknown][] = [
    ["f1", "f1"],
    ["F1", "f1"],
    ["recall=0.9", "recall=0.9"],
    ["recall = .90", "recall=0.9"],
    ["0.4", 0.4],
    ["", undefined],
    ["recall", undefined],
    ["recall=", undefined],
    ["precision=0.5", undefined],
  ];
  for (const [text, value] of read) assert.equal(readThreshold(text), value, text);
  for (const value of [0.01, 0.99, "f1", "recall=1", "recall=0.5"]) requireThreshold(value);
  for (const value of [0, 1, -1, NaN, "f2", "recall=0", "recall=1.5", null, [], "0.5"]) {
    assert.throws(() => requireThreshold(value), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, /^Cannot train with a threshold of [^\n]+ it must be a number/);
      return true;
    });
  }
});

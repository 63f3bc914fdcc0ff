import assert from "node:assert/strict";
import { seriesTable } from "./series_table.ts";

const none = { mean: null, standardDeviation: null };

Deno.test("runs are rows, and their mean and deviation come last; what was not measured is a dash", () => {
  const run = {
    fold: null,
    epochs: 12,
    bestEpoch: null,
    validationLoss: null,
    validationAccuracy: null,
  };
  const text = seriesTable({
    runs: [
      { ...run, seed: 42, testLoss: 0.5, testAccuracy: 0.8 },
      { ...run, seed: 43, testLoss: 0.7, testAccuracy: 0.82 },
    ],
    statistics: {
      validationLoss: none,
      validationAccuracy: none,
      testLoss: { mean: 0.6, standardDeviation: 0.141421 },
      testAccuracy: { mean: 0.81, standardDeviation: 0.0141421 },
    },
  });
  assert.deepEqual(text.split("\n").map((line) => line.split(/ {2,}/)), [
    ["", "epochs", "best", "val loss", "val acc", "test loss", "test acc"],
    ["-".repeat(63)],
    ["seed 42", "12", "-", "-", "-", "0.5000", "80.00 %"],
    ["seed 43", "12", "-", "-", "-", "0.7000", "82.00 %"],
    ["mean", "-", "-", "0.6000", "81.00 %"],
    ["deviation", "-", "-", "0.1414", "1.41 %"],
  ]);
});

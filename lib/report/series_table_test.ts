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

Deno.test("a task without an accuracy has its main metric in that place, and all metrics below", () => {
  const metrics = [
    { name: "loss", label: "Loss", unit: "" },
    { name: "rmse", label: "RMSE", unit: "target" },
    { name: "r2", label: "R2", unit: "" },
  ];
  const nothing = { validationLoss: null, validationAccuracy: null, testLoss: null };
  const all = { loss: none, rmse: { mean: 51, standardDeviation: 1.5 }, r2: none };
  const text = seriesTable({
    metrics,
    runs: [{
      ...nothing,
      testAccuracy: null,
      seed: 1,
      fold: 2,
      epochs: 3,
      bestEpoch: 3,
      validation: { loss: 0.5, rmse: 50, r2: null },
      test: null,
    }],
    statistics: {
      validationLoss: none,
      validationAccuracy: none,
      testLoss: none,
      testAccuracy: none,
    },
    metricStatistics: { validation: all, test: {} },
  });
  assert.deepEqual(
    text.split("\n").map((line) => line.split(/ {2,}/)).filter(([first]) =>
      !first.startsWith("---")
    ),
    [
      ["", "epochs", "best", "val loss", "val RMSE", "test loss", "test RMSE"],
      ["fold 2", "3", "3", "0.5000", "50.0000", "-", "-"],
      ["mean", "-", "51.0000", "-", "-"],
      ["deviation", "-", "1.5000", "-", "-"],
      [""],
      ["", "val mean", "deviation", "test mean", "deviation"],
      ["loss", "-", "-", "-", "-"],
      ["RMSE", "51.0000", "1.5000", "-", "-"],
      ["R2", "-", "-", "-", "-"],
    ],
  );
  assert(text.split("\n").every((line) => line.length <= 80));
});

import assert from "node:assert/strict";
import { sampleEpoch, sampleRun } from "../../tests/samples/records.ts";
import { lineOf, optionRows, stepsPerEpoch } from "./comparison.ts";
import { RunModel } from "./run_model.ts";

const model = new RunModel({
  name: "a",
  state: "completed",
  run: { ...sampleRun, config: { batchSize: 1000 } },
  epochs: [sampleEpoch(1), { ...sampleEpoch(2), elapsedMs: null }, sampleEpoch(3)],
  fallbacks: [],
  resumes: [],
  end: null,
  problems: [],
  offset: 0,
});

Deno.test("a curve is drawn by epoch, by step or by wall time", () => {
  const xs = (axis: "epoch" | "step" | "time") => [
    ...lineOf(model, "trainLoss", axis, { color: 3, dash: 1 }).xs,
  ];
  assert.deepEqual(xs("epoch"), [1, 2, 3]);
  assert.deepEqual(xs("step"), [48, 96, 144]);
  assert.deepEqual(xs("time"), [0.3105, 0.9315]);
});

Deno.test("steps of an epoch round up, and are not known without a batch size", () => {
  assert.equal(stepsPerEpoch(48_000, 256), 188);
  for (const size of [null, 0, "256", undefined]) assert.equal(stepsPerEpoch(48_000, size), null);
});

Deno.test("an option called as what every object has is the run's own, or missing", () => {
  const theirs = { toString: "x", constructor: 1, ["__proto__"]: 2 };
  const rows = optionRows([theirs, { a: 1 }]);
  assert.deepEqual(
    rows.map(({ name, values }) => [name, ...values]),
    [["toString", "x", "–"], ["constructor", "1", "–"], ["__proto__", "2", "–"], ["a", "–", "1"]],
  );
});

Deno.test("options that differ come first, also where a run lacks one", () => {
  assert.deepEqual(optionRows([{ a: 1, b: [1, 2], c: "x" }, { a: 1, b: [1, 3] }]), [
    { name: "b", values: ["1, 2", "1, 3"], differs: true },
    { name: "c", values: ["x", "–"], differs: true },
    { name: "a", values: ["1", "1"], differs: false },
  ]);
});

import assert from "node:assert/strict";
import type { RunSummary } from "../shared/types.ts";
import { filtered, mainMetrics, sorted, updatedList } from "./run_list.ts";

function run(name: string, fields: Partial<RunSummary> = {}): RunSummary {
  return {
    name,
    state: "completed",
    startedAt: null,
    preset: "baseline",
    backend: "wasm",
    threads: 2,
    adapter: null,
    epochs: 1,
    epochsAsked: 1,
    trainLoss: null,
    measured: { epoch: null, isSaved: false },
    validation: {},
    test: {},
    samplesPerSecond: null,
    durationMs: null,
    sparkline: [],
    problems: 0,
    ...fields,
  };
}

const names = (runs: readonly RunSummary[]) => runs.map(({ name }) => name).join(" ");

Deno.test("events change, add and remove runs", () => {
  const list = updatedList([run("a"), run("b")], [
    { type: "summary", summary: run("b", { epochs: 5 }) },
    { type: "summary", summary: run("c") },
    { type: "removed", name: "a" },
  ]);
  assert.deepEqual(list, [run("b", { epochs: 5 }), run("c")]);
});

Deno.test("runs without a value come last, whichever way", () => {
  const runs = [run("a"), run("b", { trainLoss: 2 }), run("c", { trainLoss: 10 }), run("d")];
  assert.equal(names(sorted(runs, { key: "trainLoss", descending: false })), "b c a d");
  assert.equal(names(sorted(runs, { key: "trainLoss", descending: true })), "c b a d");
});

Deno.test("metrics sort by their names, each task has its main one, and a number knows its model", () => {
  const rmse = { name: "rmse", label: "RMSE", unit: "target", higherIsBetter: false };
  const runs = [
    run("a", { validation: { loss: 1, accuracy: 0.5 } }),
    run("b", { validation: { loss: 2, accuracy: 0.75 }, test: { accuracy: 0.7 } }),
    run("c", { metrics: [rmse], validation: { loss: 0.5, rmse: 54 } }),
  ];
  assert.deepEqual(mainMetrics(runs).map(({ name }) => name), ["accuracy", "rmse"]);
  assert.equal(names(sorted(runs, { key: "validation.accuracy", descending: true })), "b a c");
  assert.equal(names(sorted(runs, { key: "validation.rmse", descending: false })), "c a b");
  assert.equal(names(sorted(runs, { key: "test.toString", descending: false })), "a b c");
});

Deno.test("texts are sorted too, and equal ones by name", () => {
  const runs = [run("b"), run("a"), run("c", { backend: "reference" })];
  assert.equal(names(sorted(runs, { key: "backend", descending: false })), "c a b");
});

Deno.test("a filter looks for every word in every place", () => {
  const runs = [run("wide"), run("narrow", { state: "failed" }), run("x", { adapter: "llvmpipe" })];
  assert.equal(names(filtered(runs, " WIDE  wasm ")), "wide");
  assert.equal(names(filtered(runs, "failed")), "narrow");
  assert.equal(names(filtered(runs, "LLVM")), "x");
  assert.equal(filtered(runs, "").length, 3);
  assert.equal(filtered(runs, "wide failed").length, 0);
});

import assert from "node:assert/strict";
import type { RunSummary } from "../shared/types.ts";
import { filtered, sorted, updatedList } from "./run_list.ts";

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
    validationLoss: null,
    validationAccuracy: null,
    testAccuracy: null,
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

import assert from "node:assert/strict";
import fc from "fast-check";
import { readSummary } from "./summary.ts";
import type { Summary, SummaryRun, SummaryStatistics } from "./summary.ts";

const run: SummaryRun = {
  name: "wide-seed-42",
  seed: 42,
  fold: null,
  status: "completed",
  epochs: 12,
  bestEpoch: 9,
  validationLoss: 0.5,
  validationAccuracy: 0.82,
  testLoss: null,
  testAccuracy: null,
};

const statistics: SummaryStatistics = {
  count: 1,
  mean: 0.5,
  standardDeviation: null,
  least: 0.5,
  most: 0.5,
};

const summary: Summary = {
  type: "summary",
  schema: 1,
  name: "wide",
  kind: "seeds",
  status: "running",
  startedAt: "2026-11-25T10:00:00.000Z",
  config: { preset: "baseline", hidden: [100], flip: true, seeds: 2 },
  runCount: 2,
  runs: [run],
  statistics: {
    validationLoss: statistics,
    validationAccuracy: statistics,
    testLoss: { ...statistics, count: 0, mean: null, least: null, most: null },
    testAccuracy: statistics,
  },
};

function problemOf(changes: object): string | null {
  return readSummary(JSON.stringify({ ...summary, ...changes })).problem;
}

Deno.test("a summary is read as it was written, from text and from bytes", () => {
  const text = JSON.stringify(summary);
  assert.deepEqual(readSummary(text), { summary, problem: null });
  assert.deepEqual(readSummary(new TextEncoder().encode(text)), { summary, problem: null });
  const later = { ...summary, mood: "good", runs: [{ ...run, mood: "bad" }] };
  assert.deepEqual(readSummary(JSON.stringify(later)).summary, summary);
});

Deno.test("version 2 has the metrics of any task by name", () => {
  const metrics = [{ name: "r2", label: "R2", unit: "", higherIsBetter: true }];
  const byName = { ...run, validationAccuracy: null, validation: { r2: 0.5 }, test: null };
  const later = {
    ...summary,
    schema: 2,
    runs: [byName],
    metrics,
    metricStatistics: { validation: { r2: statistics }, test: {} },
  };
  assert.deepEqual(readSummary(JSON.stringify(later)), { summary: later, problem: null });
  const odd = { validation: { r2: statistics, mae: "5", rmse: { count: 1 } }, test: {} };
  const { summary: read } = readSummary(JSON.stringify({ ...later, metricStatistics: odd }));
  assert.deepEqual(read!.metricStatistics, later.metricStatistics, "no statistics are left behind");
});

Deno.test("what is not as it should be is named", () => {
  assert.match(problemOf({ type: "run" })!, /^type must be "summary", and is "run"$/);
  assert.match(problemOf({ schema: 3 })!, /^its schema is 3, newer than 2$/);
  assert.match(problemOf({ kind: "dice" })!, /^kind must be one of seeds, folds, and is "dice"$/);
  assert.match(problemOf({ status: 1 })!, /^status must be one of running, completed, interrupted/);
  assert.match(problemOf({ runCount: -1 })!, /^runCount must be a whole number from 0 up/);
  assert.match(problemOf({ runs: [{ ...run, seed: "42" }] })!, /^runs\[0\]\.seed must be a whole/);
  assert.match(problemOf({ runs: [run, null] })!, /^runs\[1\] must be an object, and is null$/);
  assert.match(problemOf({ runs: Array(1001).fill(run) })!, /^runs has 1001 entries; at most 1000/);
  assert.match(problemOf({ statistics: {} })!, /^statistics\.validationLoss must be an object/);
  assert.match(readSummary("{").problem!, /^it is not JSON$/);
  assert.match(readSummary(" ".repeat(3e6)).problem!, /^it has 3000000 bytes; the most that is/);
});

Deno.test("whatever a file holds, reading it does not throw", () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
    assert.equal(typeof readSummary(text).problem, "string");
  }));
});

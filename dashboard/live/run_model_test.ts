import assert from "node:assert/strict";
import { encodedCurves } from "../../tests/samples/curves.ts";
import { sampleEnd, sampleEpoch, sampleFallback, sampleRun } from "../../tests/samples/records.ts";
import { decodeCurves } from "../shared/curves.ts";
import type { LiveEvent, RunDetail } from "../shared/types.ts";
import { RunModel } from "./run_model.ts";

const detail: RunDetail = {
  name: "a",
  state: "running",
  run: sampleRun,
  epochs: [sampleEpoch(1), sampleEpoch(2)],
  epochCount: 2,
  fallbacks: [],
  resumes: [],
  end: null,
  problems: [],
  offset: 100,
};

const records: LiveEvent = {
  type: "records",
  name: "a",
  state: "completed",
  epochs: [sampleEpoch(3)],
  fallbacks: [sampleFallback],
  end: sampleEnd,
  problems: [{ line: 4, message: "it is not JSON" }],
};

Deno.test("records are appended to a run", () => {
  const model = new RunModel(detail);
  assert.ok(model.update(records));
  assert.deepEqual([...model.curves.column("epoch")], [1, 2, 3]);
  assert.deepEqual([model.state, model.end, model.version], ["completed", sampleEnd, 1]);
  assert.deepEqual([model.fallbacks.length, model.problems.length], [1, 1]);
  assert.equal(new Map(model.phases).get("forward"), 3 * 120.25);
});

Deno.test("what is said of other runs changes nothing", () => {
  const model = new RunModel({ ...detail, name: "b" });
  assert.equal(model.update(records), false);
  assert.equal(model.update({ type: "removed", name: "a" }), false);
  assert.deepEqual([model.version, model.curves.length], [0, 2]);
});

Deno.test("a stream's first word, that there is nothing new, changes nothing", () => {
  const model = new RunModel(detail);
  const nothing = { epochs: [], fallbacks: [], end: null, problems: [] };
  assert.equal(model.update({ type: "records", name: "a", state: "running", ...nothing }), false);
  assert.equal(model.version, 0);
  assert.ok(model.update({ type: "records", name: "a", state: "stalled", ...nothing }));
  assert.equal(model.state, "stalled");
});

Deno.test("a restarted log clears its run", () => {
  const model = new RunModel(detail);
  model.update(records);
  model.update({ type: "restart", detail: { ...detail, epochs: [sampleEpoch(1)], epochCount: 1 } });
  assert.deepEqual([...model.curves.column("epoch")], [1]);
  assert.deepEqual([model.end, model.fallbacks, model.problems, model.version], [null, [], [], 2]);
  assert.equal(new Map(model.phases).get("forward"), 120.25);
});

Deno.test("a long run asks for what is missing, and gets it", () => {
  const model = new RunModel({ ...detail, epochs: [sampleEpoch(5)], epochCount: 5 });
  assert.equal(model.missing, 4);
  const all = [1, 2, 3, 4, 5].map(sampleEpoch);
  model.backfill(decodeCurves(encodedCurves(all).buffer));
  assert.deepEqual([model.missing, model.curves.length, model.timedEpochs], [0, 5, 1]);
});

Deno.test("an event of a kind not known is left out", () => {
  const model = new RunModel(detail);
  assert.equal(model.update({ type: "later" } as unknown as LiveEvent), false);
});

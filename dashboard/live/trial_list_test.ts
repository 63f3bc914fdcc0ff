import assert from "node:assert/strict";
import { sampleSearch } from "../../tests/samples/search.ts";
import { metricKey, optionKey, sortedTrials, withRanks } from "./trial_list.ts";

Deno.test("trials are sorted by any column; what has no value comes last", () => {
  const ranked = withRanks(sampleSearch);
  const by = (key: string, descending = false) =>
    sortedTrials(ranked, { key, descending }).map(({ trial }) => trial.trial);
  assert.deepEqual(by("rank"), [3, 2, 4, 1, 6, 5]);
  assert.deepEqual(by("rank", true), [6, 1, 4, 2, 3, 5]);
  assert.deepEqual(by("run"), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(by(metricKey("loss"), true), [6, 1, 4, 2, 3, 5]);
  assert.deepEqual(by(optionKey("learning-rate"), true), [6, 5, 4, 3, 2, 1]);
  assert.deepEqual(by(optionKey("hidden")), [2, 4, 6, 3, 1, 5], "alike: as they were");
  assert.deepEqual(by(optionKey("toString")), [3, 2, 4, 1, 6, 5]);
});

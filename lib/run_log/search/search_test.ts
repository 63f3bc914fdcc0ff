import assert from "node:assert/strict";
import fc from "fast-check";
import { type Json, jsonCopy, jsonWith, pathsIn } from "../../../tests/support/json_paths.ts";
import { sampleSearch } from "../../../tests/samples/search.ts";
import { measureWords } from "./measure.ts";
import { bestTrial, rankedTrials } from "./ranking.ts";
import { MAX_SEARCH_LENGTH, MAX_TRIALS, readSearch } from "./search.ts";

/** What is said of the sample with `value` at a path such as "trials.0.run". */
function problemWith(path: string, value: Json | undefined): string | null {
  return readSearch(jsonWith(sampleSearch, path, value)).problem;
}

Deno.test("what was written is read, from text and from bytes, and what is not known is left", () => {
  const json = JSON.stringify(sampleSearch);
  for (const file of [json, new TextEncoder().encode(json), `{"script":1,${json.slice(1)}`]) {
    assert.deepEqual(readSearch(file), { search: sampleSearch, problem: null });
  }
});

Deno.test("a file that is no search is refused with the reason", () => {
  const problem = (file: string) => readSearch(file).problem;
  assert.equal(problem('{"type":"sear'), "it is not JSON");
  assert.equal(problem("[]"), "the search must be an object, and is an array");
  assert.equal(problem('{"type":"run"}'), 'type must be "search", and is "run"');
  assert.equal(problemWith("schema", 3), "its schema is 3, newer than 2");
  assert.match(problem(" ".repeat(MAX_SEARCH_LENGTH + 1))!, /^it is 16777217 long; the longest/);
  assert.equal(problemWith("id", "../x"), 'id must be a UUID, and is "../x"');
  assert.equal(problemWith("id", undefined), null, "earlier versions wrote none");
  assert.match(problemWith("status", "paused")!, /^status must be one of running, completed, /);
  assert.match(problemWith("trials.0.run", "x".repeat(1001))!, /is 1001 characters long/);
  assert.match(
    problemWith("trials", Array.from({ length: MAX_TRIALS + 1 }, () => 0))!,
    /^trials has 10001 entries/,
  );
  for (const values of [[1], [2, 1], [-1e308, 1e308], ["a", 2], [1, 2, 3], []]) {
    assert.match(problemWith("space.0.values", values)!, /^space\[0\]\.values are not bounds/);
  }
  assert.match(problemWith("space.3.values", [1, 2])!, /^space\[3\]\.values are not one value/);
});

Deno.test("a search whose clock was set back stays readable; how long it took is not known", () => {
  const { search } = readSearch(jsonWith(sampleSearch, "totalMs", -3_595_000));
  assert.deepEqual(search, { ...sampleSearch, totalMs: null });
});

Deno.test("every field that is missing or of another kind is said by its path", () => {
  const optional = /^id$|(^|\.)error$|^bestArguments$|options\.|sha256\.|values(\.|$)/;
  for (const path of pathsIn(jsonCopy(sampleSearch))) {
    if (optional.test(path) || /\.\d+$/.test(path)) continue;
    const name = path.replace(/\.(\d+)/g, "[$1]");
    const problem = problemWith(path, [[[1]]]);
    assert(problem?.startsWith(name.split("[")[0]), `${path}: ${problem}`);
    const missing = problemWith(path, undefined);
    assert(missing?.includes("missing"), `${path}: ${missing}`);
  }
});

Deno.test("whatever JSON holds, there is a search or one line that says why not", () => {
  const paths = pathsIn(jsonCopy(sampleSearch));
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
      const problem = problemWith(path, value as Json);
      if (problem !== null) assert.match(problem, /^.{1,300}$/);
      else rankedTrials(readSearch(JSON.stringify(sampleSearch)).search!);
    }),
    { numRuns: 300 },
  );
});

Deno.test("trials are ranked by the rung that they reached, then by their score there", () => {
  const order = () => rankedTrials(sampleSearch).map(({ trial }) => trial);
  assert.deepEqual(order(), [3, 2, 4, 1, 6, 5]);
  assert.equal(bestTrial(sampleSearch)?.trial, 3);
  const [diverged] = sampleSearch.trials.filter(({ status }) => status === "diverged");
  assert.equal(bestTrial({ ...sampleSearch, trials: [diverged] }), null);
  assert.equal(bestTrial({ ...sampleSearch, trials: [] }), null);
  const byAccuracy = { ...sampleSearch, metric: "validation-accuracy" } as const;
  assert.equal(rankedTrials(byAccuracy)[0].trial, 2, "the greater the better");
});

Deno.test("trials are ranked by any metric, which a search names with its direction", () => {
  const r2 = { name: "r2", label: "R2", unit: "", higherIsBetter: true };
  const trials = sampleSearch.trials.map((trial, i) => ({
    ...trial,
    validation: { r2: i / 10 },
    scores: [],
  }));
  const search = { ...sampleSearch, schema: 2, metric: "r2", measure: r2, trials };
  assert.deepEqual(readSearch(JSON.stringify(search)), { search, problem: null });
  const best = (higherIsBetter: boolean) =>
    bestTrial({ ...search, measure: { ...r2, higherIsBetter } })?.trial;
  assert.deepEqual([best(true), best(false)], [6, 1]);
  assert.equal(measureWords(search), "validation R2");
  assert.equal(measureWords(sampleSearch), "validation loss");
  assert.match(problemWith("metric", "r2")!, /^metric must be one of validation-loss, .* "r2"$/);
});

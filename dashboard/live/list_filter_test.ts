import assert from "node:assert/strict";
import { sampleSummary } from "../../tests/samples/summary.ts";
import type { RunSummary } from "../shared/types.ts";
import { allColumns } from "./list_columns.ts";
import { type Filtered, parseFilter } from "./list_filter.ts";

const DEFAULTS = { activation: "sigmoid", learningRate: 0.1, hidden: [100] };

const item = (name: string, fields: Partial<RunSummary>, more: Partial<Filtered> = {}) => {
  const run = sampleSummary(name, fields);
  return { run, state: run.state, search: "", series: "", ...more };
};

const RUNS: readonly Filtered[] = [
  item("wide", {
    options: { hidden: [256, 128] },
    validation: { loss: 0.35, accuracy: 0.88 },
    test: { accuracy: 0.87 },
    durationMs: 90_000,
  }),
  item("relu", {
    options: { activation: "relu", learningRate: 0.01 },
    validation: { loss: 0.45, accuracy: 0.8 },
    preset: "small",
  }),
  item("mlp-001", {
    state: "interrupted",
    options: { activation: "leaky-relu" },
    validation: { loss: 0.6 },
  }, { state: "dropped", search: "mlp" }),
];

function found(text: string): string {
  const keys = allColumns(RUNS.map(({ run }) => run), DEFAULTS).map(({ key }) => key);
  const { passes, problem } = parseFilter(text, keys, DEFAULTS);
  assert.equal(problem, null);
  return RUNS.filter(passes).map(({ run }) => run.name).join(" ");
}

Deno.test("words are looked for in every place, and all must be found", () => {
  assert.equal(found(""), "wide relu mlp-001");
  assert.equal(found(" WIDE  wasm "), "wide");
  assert.equal(found("small"), "relu");
  assert.equal(found("dropped"), "mlp-001");
  assert.equal(found("interrupted"), "", "it is called dropped");
  assert.equal(found('"wide" -relu'), "wide");
});

Deno.test("options and metrics are compared by value, short names and defaults included", () => {
  assert.equal(found("lr>0.05"), "wide mlp-001");
  assert.equal(found("learning-rate=0.01"), "relu");
  assert.equal(found("activation:relu"), "relu", "not the leaky one");
  assert.equal(found("activation:sigmoid"), "wide");
  assert.equal(found("activation!=relu"), "wide mlp-001");
  assert.equal(found("hidden:256,128"), "wide");
  assert.equal(found('hidden:"256, 128"'), "wide");
  assert.equal(found("val<0.5"), "wide relu");
  assert.equal(found("val<0.5 -search:mlp lr>0.05"), "wide");
  assert.equal(found("acc>=80% acc<87.5%"), "wide relu", "of the test set, else of validation");
  assert.equal(found("validation.accuracy>0.85"), "wide");
  assert.equal(found("-search:mlp"), "wide relu");
  assert.equal(found("status:dropped"), "mlp-001");
  assert.equal(found("duration>60"), "wide");
});

Deno.test("what is not understood is said, and the rest continues", () => {
  const { passes, problem } = parseFilter("lurning>3 wide", ["option.learningRate"], {});
  assert.equal(problem, "Nothing is called “lurning”");
  assert.deepEqual(RUNS.filter(passes).map(({ run }) => run.name), ["wide"]);
  for (const text of ["-", ":", "a:", '"', "lr>", "lr>x", "=", "-:x"]) {
    parseFilter(text, [], {}).passes(RUNS[0]);
  }
  for (const unfinished of ["lr>", "-", "-search:", "lr!="]) {
    assert.equal(found(unfinished), "wide relu mlp-001", unfinished);
  }
});

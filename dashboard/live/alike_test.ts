import assert from "node:assert/strict";
import { sampleRun } from "../../tests/samples/records.ts";
import { alikeRuns } from "./alike.ts";

const run = (name: string, options: Record<string, number | string>) => ({
  name,
  options,
  run: sampleRun,
});

Deno.test("runs that differ by their seed or fold alone are alike", () => {
  const found = alikeRuns([
    run("bn-seed-42", { seed: 42, learningRate: 0.1 }),
    run("other", { seed: 42, learningRate: 0.2 }),
    run("bn-seed-43", { seed: 43, learningRate: 0.1 }),
  ]);
  assert.deepEqual(found, [
    { label: "bn (mean of 2)", places: [0, 2] },
    { label: "other", places: [1] },
  ]);
});

Deno.test("runs that cannot be read are like none", () => {
  const none = (name: string) => ({ name, options: {}, run: null });
  assert.equal(alikeRuns([none("a"), none("b")]).length, 2);
});

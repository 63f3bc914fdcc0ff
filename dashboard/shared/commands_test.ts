import assert from "node:assert/strict";
import { sampleRun } from "../../tests/samples/records.ts";
import { commandsOf } from "./commands.ts";

Deno.test("commands have what differs from the preset, quoted for a shell", () => {
  const config = {
    ...sampleRun.config,
    preset: "small",
    learningRate: 0.5,
    batchNorm: true,
    hidden: [8, 4],
  };
  const run = { config, dataset: { ...sampleRun.dataset, name: "my data.csv" } };
  const done = { hasModel: true, isCompleted: true };
  const lines = commandsOf("it's", run, ["learningRate", "batchNorm", "hidden"], done)
    .map(({ line }) => line);
  assert.deepEqual(lines, [
    "deno task train 'my data.csv' --preset small --learning-rate 0.5 --batch-norm --hidden 8,4",
    "deno task evaluate 'my data.csv' --model 'it'\\''s'",
    "deno task export --model 'it'\\''s'",
  ]);
  const cut = { hasModel: false, isCompleted: false };
  assert.deepEqual(commandsOf("a", run, [], cut).map(({ title }) => title), [
    "Train again",
    "Resume",
  ]);
});

/** The dashboard goes by what a run's record says is measured. */
import assert from "node:assert/strict";
import { columnsOf, decodeCurves } from "../../dashboard/shared/curves.ts";
import { TASKS } from "../../lib/mod.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";

const { metrics } = TASKS.regression;

Deno.test("the page of a regression shows its metrics by name, and no accuracy", async () => {
  await using runs = await RunsFolder.create();
  const run = { ...runNamed("numbers"), schema: 2, task: "regression", metrics };
  const learned = epochs(1, 3).map(({ trainAccuracy: _, validationAccuracy: __, ...epoch }) => ({
    ...epoch,
    train: { rmse: 60 - epoch.epoch, mae: 50, r2: 0.1 * epoch.epoch },
    validation: { rmse: 70, mae: 55, r2: null },
  }));
  const { confusionMatrix: _, perClass: __, ...end } = theEnd;
  const test = { loss: 0.5, rmse: 54.125, mae: 43, r2: 0.51 };
  runs.write("numbers", run, ...learned, { ...end, validation: test, test });
  await using dashboard = await Dashboard.start(runs.path);
  const html = await (await dashboard.fetch("/runs/numbers")).text();
  for (const { label } of metrics) assert.match(html, new RegExp(`<h2 [^>]*>${label}</h2>`));
  assert.match(html, /<dt>Test RMSE<\/dt><dd>54\.1250<\/dd>/);
  const shown = html.replace(/<script[^>]*>.*?<\/script>/gs, "");
  assert.doesNotMatch(shown, /accuracy|Cross-entropy/i);
  const response = await dashboard.fetch("/api/runs/numbers/curves");
  const curves = decodeCurves(await response.arrayBuffer(), columnsOf({ metrics }));
  assert.deepEqual([...curves["train.rmse"]], [59, 58, 57]);
  assert.deepEqual([...curves["validation.r2"]], [NaN, NaN, NaN]);
  assert.deepEqual([...curves.trainAccuracy], [NaN, NaN, NaN]);
});
